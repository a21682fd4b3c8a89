#include "libmodel/training/step_plan.hpp"

#include <cmath>

#include "base/error.hpp"

namespace checkerlab::model {

StepPlan::StepPlan(const TrainConfig& config, std::int64_t images)
    : images_(images), batch_(config.batch), peak_(config.learning_rate) {
  const auto step_of = [&](const auto& moment) { return moment.epoch ? step_of_epoch(*moment.epoch) : moment.step; };
  for (const Accumulation& change : config.accumulation) {
    add_phase(step_of(change), change.batches);
  }
  for (const LearningRateDrop& drop : config.drops) {
    drops_.push_back({step_of(drop), drop.factor});
  }
  warmup_ = config.warmup_epochs ? step_of_epoch(*config.warmup_epochs) : config.warmup_steps;
  steps_ = config.epochs ? step_of_epoch(*config.epochs) : config.steps;
}

void StepPlan::add_phase(std::int64_t step, std::int64_t batches) {
  Phase& last = phases_.back();
  if (step < last.first_step)
    throw Error(ErrorCode::invalid_argument, "training: the changes of the accumulation do not ascend: step " +
                                                 std::to_string(step) + " comes after step " +
                                                 std::to_string(last.first_step));
  if (step == last.first_step) {
    last.batches = batches;
  } else {
    phases_.push_back({step, last.first_batch + (step - last.first_step) * last.batches, batches});
  }
}

const StepPlan::Phase& StepPlan::phase(std::int64_t step) const {
  std::size_t i = phases_.size() - 1;
  while (i > 0 && phases_[i].first_step > step)
    --i;
  return phases_[i];
}

std::int64_t StepPlan::first_batch(std::int64_t step) const {
  const Phase& now = phase(step);
  return now.first_batch + (step - now.first_step) * now.batches;
}

double StepPlan::learning_rate(std::int64_t step) const {
  double rate = peak_;
  if (step < warmup_) rate *= static_cast<double>(step + 1) / static_cast<double>(warmup_);
  for (const Drop& drop : drops_) {
    if (step >= drop.step) rate *= drop.factor;
  }
  return rate;
}

double StepPlan::epochs_before(std::int64_t step) const {
  return static_cast<double>(images_before(step)) / static_cast<double>(images_);
}

std::int64_t StepPlan::step_of_epoch(double epochs) const {
  const auto batch =
      static_cast<std::int64_t>(std::ceil(epochs * static_cast<double>(images_) / static_cast<double>(batch_)));
  std::size_t i = phases_.size() - 1;
  while (i > 0 && phases_[i].first_batch >= batch)
    --i;
  const Phase& now = phases_[i];
  return now.first_step + (batch - now.first_batch + now.batches - 1) / now.batches;
}

}  // namespace checkerlab::model
