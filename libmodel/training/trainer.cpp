#include "libmodel/training/trainer.hpp"

#include <ATen/ATen.h>

#include <chrono>
#include <exception>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "libmodel/distributed/agreement.hpp"
#include "libmodel/memory/out_of_memory.hpp"
#include "libmodel/training/deterministic.hpp"
#include "libmodel/training/metrics.hpp"
#include "libmodel/training/start_weights.hpp"
#include "libmodel/training/step_gradients.hpp"
#include "libmodel/training/step_plan.hpp"
#include "libmodel/training/training_checkpoint.hpp"

namespace checkerlab::model {
namespace {

class Run {
 public:
  Run(const TrainConfig& config, const TokenSource& tokens, c10::Device device, Observer& observer,
      const TrainOptions& options, Communicator& ranks)
      : config_(config),
        device_(device),
        observer_(observer),
        ranks_(ranks),
        plan_(config, tokens.all_labels().size(0)),
        state_(start(tokens, options)),
        gradients_(config, tokens, device, options.micro_batch, state_, ranks),
        metrics_(config, device, observer, state_.counts),
        stopping_(ranks) {
    if (state_.steps_done > plan_.steps())
      throw Error(ErrorCode::invalid_argument, "training: " + std::to_string(state_.steps_done) +
                                                   " steps are finished already, only " +
                                                   std::to_string(plan_.steps()) + " are wanted");
    expect_same_on_all_ranks(ranks, configuration_json(config).dump() + std::to_string(plan_.steps()), "settings");
    expect_same_on_all_ranks(ranks, std::to_string(state_.steps_done), "finished steps");
  }

  TrainResult finish() {
    const auto begin = std::chrono::steady_clock::now();
    const std::int64_t first = state_.steps_done;
    observer_.progress(first, plan_.steps(), "steps");
    while (state_.steps_done < plan_.steps()) {
      if (stopping_.agreed(observer_.cancelled()) || !one_step()) stop();
    }
    metrics_.read();
    ranks_.throw_if_failed();
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    return result(plan_.images_before(plan_.steps()) - plan_.images_before(first), seconds.count());
  }

 private:
  TrainingState start(const TokenSource& tokens, const TrainOptions& options) {
    check_tokens(tokens, config_.model);
    if (options.resume) {
      const auto checkpoint = load_training_checkpoint(*options.resume, config_, options.accept_other_settings);
      TrainingState state(config_, checkpoint.model.to(device_));
      checkpoint.restore(state);
      return state;
    }
    Model model = fresh_model(config_.model, tokens.code_vectors(), config_.seed);
    if (!options.start) return {config_, model.to(device_)};
    TrainingState state(config_, start_from(model, options.start->model, observer_).to(device_));
    state.optimizer.set_moments(options.start->moments, "the weights to start from");
    state.steps_done = plan_.step_of_epoch(options.start->epochs_done);
    if (state.scaler && options.start->loss_scale > 0) state.scaler->set(options.start->loss_scale, 0);
    return state;
  }

  // False when it was cancelled within the step, which then did not happen.
  bool one_step() {
    const std::int64_t step = state_.steps_done;
    // One rank may stop anywhere in a step, several only together between steps.
    const auto leave = [&] { return ranks_.size() == 1 && observer_.cancelled(); };
    const at::Tensor losses = gradients_.compute(plan_.first_batch(step), plan_.batches(step), leave);
    if (!losses.defined()) return false;
    const double rate = plan_.learning_rate(step);
    const at::Tensor scale = state_.scaler ? state_.scaler->scale().clone() : at::Tensor();
    const StepReport report =
        state_.optimizer.step(rate, config_.gradient_clip, state_.scaler ? &*state_.scaler : nullptr);
    if (state_.average) state_.average->update(state_.optimizer.parameters());
    ++state_.steps_done;
    metrics_.add(step, plan_.batches(step) * config_.batch, rate, losses, report, scale);
    observer_.progress(state_.steps_done, plan_.steps(), "steps");
    checkpoint_if_due();
    return true;
  }

  void checkpoint_if_due() {
    if (ranks_.rank() != 0) return;
    const auto file = observer_.checkpoint_due();
    if (!file || state_.steps_done == saved_) return;
    metrics_.read();
    ranks_.throw_if_failed();  // a sum that was broken off must not be kept
    save_training_checkpoint(*file, config_, state_);
    saved_ = state_.steps_done;
    observer_.checkpoint(saved_, *file);
  }

  [[noreturn]] void stop() {
    checkpoint_if_due();
    ranks_.patient_barrier();  // no rank ends before rank 0 has its checkpoint
    throw Error(ErrorCode::cancelled, "training was stopped after step " + std::to_string(state_.steps_done));
  }

  TrainResult result(std::int64_t images, double seconds) {
    TrainResult result{.model = state_.model, .average = {}};
    visit_weights(result.model.config, result.model.weights,
                  [](const std::string&, at::Tensor& tensor, const auto&) { tensor = tensor.detach(); });
    if (state_.average) result.average = state_.average->model();
    result.steps = state_.steps_done;
    result.epochs = plan_.epochs_before(state_.steps_done);
    result.final_loss = final_loss();
    result.images_per_second = images > 0 ? static_cast<double>(images) / seconds : 0;
    result.seconds = seconds;
    result.overflows = state_.counts.overflows;
    result.skipped_steps = state_.counts.not_finite;
    return result;
  }

  double final_loss() {
    const TrainingCounts& counts = state_.counts;
    if (counts.loss.weight > 0) return counts.loss.mean();
    if (counts.not_finite == 0) return gradients_.loss_of_first_batch();  // nothing was trained
    throw Error(ErrorCode::not_finite, "training: no step had a finite loss and gradient",
                "Lower the learning rate, clip the gradients, or train in fp32");
  }

  const TrainConfig& config_;
  c10::Device device_;
  Observer& observer_;
  Communicator& ranks_;
  StepPlan plan_;
  TrainingState state_;
  StepGradients gradients_;
  TrainingMetrics metrics_;
  StopAgreement stopping_;
  std::int64_t saved_ = -1;  // steps of the last checkpoint
};

// The other ranks need not wait for this one.
void give_up(Communicator& ranks) {
  try {
    throw;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::cancelled) ranks.abort(error.full_text());
  } catch (const std::exception& error) {
    ranks.abort(error.what());
  }
}

}  // namespace

TrainResult train_model(const TrainConfig& config, const TokenSource& tokens, c10::Device device, Observer& observer,
                        const TrainOptions& options) {
  config.validate();
  const DeterministicScope deterministic(options.deterministic, device);
  SingleRank alone;
  Communicator& ranks = options.ranks ? *options.ranks : alone;
  try {
    return Run(config, tokens, device, observer, options, ranks).finish();
  } catch (const c10::Error& error) {
    const std::string text = error.what_without_backtrace(), reason = text.substr(0, text.find('\n'));
    ranks.abort(reason);
    if (!is_out_of_memory(error)) throw;
    throw Error(ErrorCode::out_of_memory, "training: the model and its optimiser do not fit into memory: " + reason,
                "Use a smaller model or a device with more memory");
  } catch (...) {
    give_up(ranks);
    throw;
  }
}

}  // namespace checkerlab::model
