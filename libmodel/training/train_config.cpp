#include <cmath>
#include <string>

#include "base/error.hpp"
#include "libmodel/training/learning_rate.hpp"

namespace checkerlab::model {

void TrainConfig::validate() const {
  const auto require = [](bool holds, const std::string& what) {
    if (!holds) throw Error(ErrorCode::invalid_argument, "training: " + what);
  };
  const auto probability = [&](double value, const char* name) {
    require(value >= 0 && value <= 1, std::string(name) + " must lie between 0 and 1");
  };
  model.validate();
  require(steps >= 0, "steps must not be negative");
  require(batch >= 1, "batch must be at least 1");
  require(std::isfinite(learning_rate) && learning_rate > 0, "the learning rate must be above 0");
  require(warmup_steps >= 0, "warm-up steps must not be negative");
  require(std::isfinite(weight_decay) && weight_decay >= 0, "weight decay must not be negative");
  require(std::isfinite(gradient_clip) && gradient_clip >= 0, "the gradient clip must not be negative");
  require(fixed_steps_per_scale >= 0, "fixed steps per scale must not be negative");
  probability(label_dropout, "label dropout");
  probability(source_replacement, "source replacement");
  for (const LearningRateDrop& drop : drops) {
    require(drop.step >= 0 && std::isfinite(drop.factor) && drop.factor > 0,
            "a drop needs a step and a factor above 0");
  }
}

double learning_rate_at(const TrainConfig& config, std::int64_t step) {
  double rate = config.learning_rate;
  if (step < config.warmup_steps) rate *= static_cast<double>(step + 1) / static_cast<double>(config.warmup_steps);
  for (const LearningRateDrop& drop : config.drops) {
    if (step >= drop.step) rate *= drop.factor;
  }
  return rate;
}

}  // namespace checkerlab::model
