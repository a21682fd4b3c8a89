#include "libmodel/tokenizer/codebook_retraining.hpp"

#include <torch/csrc/autograd/autograd.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <deque>
#include <nlohmann/json.hpp>
#include <numeric>

#include "base/error.hpp"
#include "libmodel/image/tensor.hpp"
#include "libmodel/modules/artifact.hpp"
#include "libmodel/modules/module_trainer.hpp"
#include "libmodel/random/draws.hpp"
#include "libmodel/tokenizer/code_usage.hpp"
#include "libmodel/tokenizer/codebook_adam.hpp"
#include "libmodel/tokenizer/latent_statistics.hpp"

namespace checkerlab::model {

namespace {

constexpr const char* kKind = "codebook re-training";
constexpr double kRandomSize = 0.9;
constexpr double kCommitment = 0.001;
constexpr std::size_t kRecentLosses = 20;

enum class Draw : std::uint64_t { size, codebook, redraw, count };

void check(const CodebookRetraining& training) {
  check_training(kKind, training.steps, training.batch, training.lr);
  const auto& sides = training.sides;
  if (sides.empty() || *std::min_element(sides.begin(), sides.end()) < 1 || training.gather_steps < 1 ||
      training.redraw_every < 1 || training.steps <= training.gather_steps) {
    throw Error(ErrorCode::invalid_argument,
                "the codebook re-training needs positive token sides and more steps than the " +
                    std::to_string(training.gather_steps) + " that only gather statistics");
  }
}

class CodebookTrainer {
 public:
  CodebookTrainer(VqTokenizer& tokenizer, const StepImages& images, const CodebookRetraining& training,
                  torch::Device device)
      : tokenizer_(tokenizer),
        images_(images),
        training_(training),
        device_(device),
        statistics_(training.mode == RetrainMode::released),
        adam_(tokenizer->codebook()),
        shares_(torch::zeros({tokenizer->config().codes}, torch::TensorOptions(device).dtype(torch::kFloat64))),
        usage_(shares_) {
    std::sort(training_.sides.begin(), training_.sides.end());
  }

  void run(Observer& observer) {
    while (finished_ < training_.steps) {
      throw_if_cancelled(observer, kKind);
      const auto step = finished_;
      if (step < training_.gather_steps) {
        gather(step);
      } else {
        if (step == training_.gather_steps) start_codebook(step);
        report(step, follow_gradient(step), observer);
        redraw(step, observer);
      }
      ++finished_;
      observer.progress(finished_, training_.steps, "steps");
      if (const auto path = observer.checkpoint_due()) {
        save(*path);
        observer.checkpoint(finished_, *path);
      }
    }
  }

  RetrainReport finish() const {
    const auto sum = std::accumulate(losses_.begin(), losses_.end(), 0.0);
    return {.final_loss = losses_.empty() ? 0 : sum / static_cast<double>(losses_.size()),
            .perplexity = usage_.perplexity(),
            .redrawn = redrawn_};
  }

  void resume(const std::filesystem::path& checkpoint) {
    const torch::NoGradGuard no_grad;
    const auto file = read_safetensors(checkpoint);
    const auto config = artifact_config(file, kKind, checkpoint);
    if (config_value<nlohmann::json>(config, "training", checkpoint) != identity())
      throw Error(ErrorCode::invalid_data, "the checkpoint " + checkpoint.string() + " is of another " + kKind);
    tokenizer_->codebook().copy_(file.at("codebook", checkpoint));
    for (auto& [name, moment] : adam_.state())
      moment.copy_(file.at(name, checkpoint));
    shares_.copy_(file.at("shares", checkpoint));
    for (const auto& [side, count] :
         config_value<std::map<std::string, std::int64_t>>(config, "gathered", checkpoint)) {
      statistics_.sides()[std::stoll(side)] = {count, file.at("mean." + side, checkpoint),
                                               file.at("square." + side, checkpoint)};
    }
    finished_ = config_value<std::int64_t>(config, "finished", checkpoint);
    const auto losses = config_value<std::vector<double>>(config, "losses", checkpoint);
    losses_.assign(losses.begin(), losses.end());
  }

 private:
  std::uint64_t stream(std::int64_t step, Draw draw) const {
    return static_cast<std::uint64_t>(step) * static_cast<std::uint64_t>(Draw::count) +
           static_cast<std::uint64_t>(draw);
  }

  // Ascending: the side drawn and all smaller ones; in mode `released` the one drawn.
  std::vector<std::int64_t> sides_of(std::int64_t step) const {
    const auto draws =
        uniform_tensor(training_.seed, RandomDomain::codebook, stream(step, Draw::size), {2}).to(torch::kFloat64);
    auto index = training_.sides.size() - 1;
    if (draws[0].item<double>() < kRandomSize) {
      const auto place = draws[1].item<double>() * static_cast<double>(training_.sides.size());
      index = std::min(index, static_cast<std::size_t>(place));
    }
    const auto end = training_.sides.begin() + static_cast<std::ptrdiff_t>(index) + 1;
    return {training_.mode == RetrainMode::released ? end - 1 : training_.sides.begin(), end};
  }

  // [batch,3,S,S] in [-1, 1]
  torch::Tensor images_of(std::int64_t step) const {
    const auto pixels = images_(step);
    const auto side = training_.sides.back() * tokenizer_->config().stride;
    if (pixels.dim() != 4 || pixels.size(0) < 1 || pixels.size(1) != side || pixels.size(2) != side) {
      throw Error(ErrorCode::invalid_argument,
                  "the codebook re-training with " + std::to_string(training_.sides.back()) +
                      " tokens a side needs images of " + std::to_string(side) + " pixels, but they have " +
                      std::to_string(pixels.dim() == 4 ? pixels.size(1) : 0));
    }
    return normalise_pixels(pixels.to(device_));
  }

  torch::Tensor encode(const torch::Tensor& images, std::int64_t side) {
    const torch::NoGradGuard no_grad;
    return tokenizer_->encode(resize_images(images, side * tokenizer_->config().stride));
  }

  void gather(std::int64_t step) {
    const auto images = images_of(step);
    for (const auto side : sides_of(step)) {
      const auto latents = encode(images, side);
      const auto pool = training_.mode == RetrainMode::released ? 0 : side;
      statistics_.add(pool, latents.permute({0, 2, 3, 1}).reshape({-1, latents.size(1)}));
    }
  }

  void start_codebook(std::int64_t step) {
    const torch::NoGradGuard no_grad;
    const auto normal = normal_tensor(training_.seed, RandomDomain::codebook, stream(step, Draw::codebook),
                                      tokenizer_->codebook().sizes());
    tokenizer_->codebook().copy_(statistics_.draw(normal));
  }

  // The loss before the update.
  double follow_gradient(std::int64_t step) {
    const auto images = images_of(step);
    const auto sides = sides_of(step);
    const auto sum = static_cast<double>(std::accumulate(sides.begin(), sides.end(), std::int64_t{0}));
    const at::AutoGradMode gradients(true);
    auto loss = torch::zeros({}, device_);
    std::vector<torch::Tensor> tokens;
    for (const auto side : sides) {
      const auto latents = encode(images, side);
      tokens.push_back(tokenizer_->quantize(latents.detach()).detach());
      const auto codes = tokenizer_->look_up(tokens.back());
      loss = loss + (codes - latents).square().mean() * (static_cast<double>(side) / sum);
      tokens.back() = tokens.back().flatten();
    }
    auto& codebook = tokenizer_->codebook();
    const auto gradient = torch::autograd::grad({loss}, {codebook})[0];
    adam_.step(codebook, gradient, training_.lr, step - training_.gather_steps);
    usage_.note(torch::cat(tokens));
    return loss.item<double>() * (training_.mode == RetrainMode::released ? 1 + kCommitment : 1);
  }

  void report(std::int64_t step, double loss, Observer& observer) {
    if (!std::isfinite(loss))
      throw Error(ErrorCode::not_finite,
                  "the loss of the " + std::string(kKind) + " is not finite at step " + std::to_string(step),
                  "Check the tokenizer's weights; lower the learning rate.");
    losses_.push_back(loss);
    if (losses_.size() > kRecentLosses) losses_.pop_front();
    if (step % 10 != 0 && step + 1 != training_.steps) return;
    observer.curve("loss", step, loss);
    observer.curve("perplexity", step, usage_.perplexity());
    observer.curve("codebook_use", step, usage_.used().to(torch::kFloat64).mean().item<double>());
  }

  void redraw(std::int64_t step, Observer& observer) {
    const bool due = step >= training_.gather_steps + training_.redraw_every && step % training_.redraw_every == 0;
    if (!due || training_.mode == RetrainMode::released) return;
    const torch::NoGradGuard no_grad;
    const auto used = usage_.used();
    const auto unused = used.logical_not().nonzero().flatten();
    const auto kept = tokenizer_->codes().index_select(0, used.nonzero().flatten());
    if (unused.size(0) == 0 || kept.size(0) < 2) return;
    const auto normal = normal_tensor(training_.seed, RandomDomain::codebook, stream(step, Draw::redraw),
                                      {unused.size(0), kept.size(1)})
                            .to(device_);
    const auto drawn = kept.mean(0) + kept.std(0) * normal;
    tokenizer_->codebook().index_copy_(0, unused, drawn / drawn.norm(2, 1, true).clamp_min(1e-12));
    adam_.reset_rows(unused);
    redrawn_ += unused.size(0);
    observer.log(LogLevel::info,
                 std::to_string(unused.size(0)) + " unused codes were drawn anew at step " + std::to_string(step));
  }

  // What a checkpoint must agree in.
  nlohmann::json identity() const {
    return {{"sides", training_.sides},
            {"steps", training_.steps},
            {"batch", training_.batch},
            {"lr", training_.lr},
            {"seed", training_.seed},
            {"mode", to_string(training_.mode)},
            {"gather_steps", training_.gather_steps},
            {"redraw_every", training_.redraw_every}};
  }

  void save(const std::filesystem::path& path) const {
    TensorFile file;
    file.tensors = adam_.state();
    file.tensors["codebook"] = tokenizer_->codebook().detach();
    file.tensors["shares"] = shares_;
    std::map<std::string, std::int64_t> gathered;
    for (const auto& [side, statistics] : statistics_.sides()) {
      const auto name = std::to_string(side);
      gathered[name] = statistics.count;
      file.tensors["mean." + name] = statistics.mean;
      file.tensors["square." + name] = statistics.square;
    }
    file.metadata = artifact_metadata(kKind, {{"training", identity()},
                                              {"finished", finished_},
                                              {"gathered", gathered},
                                              {"losses", std::vector<double>(losses_.begin(), losses_.end())}});
    write_safetensors(path, file);
  }

  VqTokenizer& tokenizer_;
  const StepImages& images_;
  CodebookRetraining training_;
  torch::Device device_;
  LatentStatistics statistics_;
  CodebookAdam adam_;
  torch::Tensor shares_;
  CodeUsage usage_;
  std::int64_t finished_ = 0;
  std::int64_t redrawn_ = 0;
  std::deque<double> losses_;
};

}  // namespace

RetrainMode parse_retrain_mode(const std::string& name) {
  if (name == "described") return RetrainMode::described;
  if (name == "released") return RetrainMode::released;
  throw Error(ErrorCode::invalid_argument, "unknown mode '" + name + "' of codebook re-training",
              "Modes are described and released.");
}

std::string to_string(RetrainMode mode) {
  return mode == RetrainMode::released ? "released" : "described";
}

RetrainReport retrain_codebook(VqTokenizer& tokenizer, const StepImages& images, const CodebookRetraining& training,
                               torch::Device device, Observer& observer,
                               const std::optional<std::filesystem::path>& resume) {
  check(training);
  const auto start = std::chrono::steady_clock::now();
  tokenizer->to(device);
  tokenizer->eval();
  tokenizer->codebook().set_requires_grad(true);
  CodebookTrainer trainer(tokenizer, images, training, device);
  if (resume) trainer.resume(*resume);
  trainer.run(observer);
  auto report = trainer.finish();
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return report;
}

}  // namespace checkerlab::model
