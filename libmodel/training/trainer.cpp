#include "libmodel/training/trainer.hpp"

#include <ATen/ATen.h>

#include <chrono>
#include <cmath>
#include <string>

#include "base/error.hpp"
#include "libmodel/training/batches.hpp"
#include "libmodel/training/learning_rate.hpp"
#include "libmodel/training/training_checkpoint.hpp"
#include "libmodel/transformer/forward.hpp"

namespace checkerlab::model {
namespace {

// Reading a loss waits for the device: on CUDA it is done for so many steps at once.
constexpr std::size_t kCudaReadInterval = 16;

class Run {
 public:
  Run(const TrainConfig& config, const TokenSet& tokens, c10::Device device, Observer& observer,
      const std::optional<std::filesystem::path>& resume)
      : config_(config),
        device_(device),
        observer_(observer),
        source_(config, tokens, device),
        model_(start(tokens, resume)),
        optimizer_(model_, config.weight_decay) {
    if (!checkpoint_) return;
    optimizer_.load(checkpoint_->file, *resume, checkpoint_->steps_done);
    running_ = checkpoint_->loss;
    checkpoint_.reset();
  }

  TrainResult finish() {
    const auto begin = std::chrono::steady_clock::now();
    const std::int64_t first = optimizer_.steps_done();
    observer_.progress(first, config_.steps, "steps");
    while (optimizer_.steps_done() < config_.steps) {
      throw_if_cancelled(observer_, "training");
      one_step();
    }
    read_losses();
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    const auto images = static_cast<double>((config_.steps - first) * config_.batch);
    return {.model = trained_model(),
            .final_loss = config_.steps == 0 ? untrained_loss() : running_.mean(),
            .images_per_second = images > 0 ? images / seconds.count() : 0,
            .seconds = seconds.count()};
  }

 private:
  Model start(const TokenSet& tokens, const std::optional<std::filesystem::path>& resume) {
    if (!resume) return fresh_model(config_.model, tokens.codebook, config_.seed).to(device_);
    checkpoint_ = load_training_checkpoint(*resume, config_);
    if (checkpoint_->steps_done > config_.steps)
      throw Error(ErrorCode::invalid_argument, resume->string() + " has " + std::to_string(checkpoint_->steps_done) +
                                                   " finished steps, only " + std::to_string(config_.steps) +
                                                   " are wanted");
    return checkpoint_->model.to(device_);
  }

  at::Tensor loss_of_step(std::int64_t step) {
    const TokenBatch batch = source_.batch(step);
    const SequenceTables tables = source_.tables(step);
    const AutocastScope autocast(device_, config_.precision);
    const at::Tensor logits = forward_logits(model_, batch, tables);
    return sequence_loss(logits.to(at::kFloat), sequence_targets(batch, tables));
  }

  void one_step() {
    const std::int64_t step = optimizer_.steps_done();
    const at::AutoGradMode gradients(true);
    const at::Tensor loss = loss_of_step(step);
    loss.backward();
    const double rate = learning_rate_at(config_, step);
    const double norm = optimizer_.step(rate, config_.gradient_clip);
    observer_.curve("learning_rate", step, rate);
    if (config_.gradient_clip > 0) observer_.curve("gradient_norm", step, norm);
    pending_.push_back(loss.detach());
    if (!device_.is_cuda() || pending_.size() >= kCudaReadInterval) read_losses();
    observer_.progress(optimizer_.steps_done(), config_.steps, "steps");
    const auto file = observer_.checkpoint_due();
    if (file) take_checkpoint(*file);
  }

  void read_losses() {
    if (pending_.empty()) return;
    const at::Tensor losses = at::stack(pending_).to(at::kCPU, at::kDouble);
    std::int64_t step = optimizer_.steps_done() - static_cast<std::int64_t>(pending_.size());
    pending_.clear();
    for (std::int64_t i = 0; i < losses.numel(); ++i, ++step) {
      const double loss = losses.const_data_ptr<double>()[i];
      if (!std::isfinite(loss))
        throw Error(ErrorCode::not_finite, "training: the loss is not finite at step " + std::to_string(step),
                    "Lower the learning rate, clip the gradients, or train in fp32");
      running_.add(loss);
      observer_.curve("loss", step, loss);
    }
  }

  void take_checkpoint(const std::filesystem::path& file) {
    read_losses();
    save_training_checkpoint(file, config_, model_, optimizer_, running_);
    observer_.checkpoint(optimizer_.steps_done(), file);
  }

  double untrained_loss() {
    const at::NoGradGuard no_grad;
    return loss_of_step(0).item<double>();
  }

  Model trained_model() {
    Model model = model_;
    visit_weights(
        model.config, model.weights,
        [](const std::string&, at::Tensor& tensor, const std::vector<std::int64_t>&) { tensor = tensor.detach(); });
    return model;
  }

  const TrainConfig& config_;
  c10::Device device_;
  Observer& observer_;
  BatchSource source_;
  std::optional<TrainingCheckpoint> checkpoint_;  // while the run is being set up
  Model model_;
  Optimizer optimizer_;
  RunningLoss running_;
  std::vector<at::Tensor> pending_;  // losses not read yet
};

}  // namespace

TrainResult train_model(const TrainConfig& config, const TokenSet& tokens, c10::Device device, Observer& observer,
                        const std::optional<std::filesystem::path>& resume) {
  config.validate();
  return Run(config, tokens, device, observer, resume).finish();
}

}  // namespace checkerlab::model
