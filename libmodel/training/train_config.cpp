#include "libmodel/training/train_config.hpp"

#include <cmath>

#include "base/error.hpp"

namespace checkerlab::model {
namespace {

void require(bool holds, const std::string& what) {
  if (!holds) throw Error(ErrorCode::invalid_argument, "training: " + what);
}

void check_probability(double value, const char* name) {
  require(value >= 0 && value <= 1, std::string(name) + " must lie between 0 and 1");
}

void check_epochs(const std::optional<double>& epochs, const char* name) {
  require(!epochs || (std::isfinite(*epochs) && *epochs >= 0 && *epochs <= 1e6),
          std::string(name) + " must lie between 0 and a million epochs");
}

void check_moments(const TrainConfig& config) {
  check_epochs(config.epochs, "the length");
  check_epochs(config.warmup_epochs, "the warm-up");
  for (const LearningRateDrop& drop : config.drops) {
    check_epochs(drop.epoch, "a drop");
    require(drop.step >= 0 && std::isfinite(drop.factor) && drop.factor > 0,
            "a drop needs a step and a factor above 0");
  }
  for (const Accumulation& change : config.accumulation) {
    check_epochs(change.epoch, "an accumulation");
    require(change.step >= 0 && change.batches >= 1 && change.batches <= 65536,
            "an accumulation needs a step and from 1 to 65536 batches");
  }
}

}  // namespace

void TrainConfig::validate() const {
  model.validate();
  require(steps >= 0, "steps must not be negative");
  require(batch >= 1, "batch must be at least 1");
  require(std::isfinite(learning_rate) && learning_rate > 0, "the learning rate must be above 0");
  require(warmup_steps >= 0, "warm-up steps must not be negative");
  require(std::isfinite(weight_decay) && weight_decay >= 0, "weight decay must not be negative");
  require(std::isfinite(gradient_clip) && gradient_clip >= 0, "the gradient clip must not be negative");
  require(ema_decay >= 0 && ema_decay < 1, "the decay of the moving average must lie from 0 to below 1");
  require(skip_limit >= 0, "the limit of skipped steps must not be negative");
  require(fixed_steps_per_scale >= 0, "fixed steps per scale must not be negative");
  check_probability(label_dropout, "label dropout");
  check_probability(source_replacement, "source replacement");
  check_moments(*this);
}

}  // namespace checkerlab::model
