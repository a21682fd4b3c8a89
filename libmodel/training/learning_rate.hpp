// The learning rate of a step.
#pragma once

#include <cstdint>

#include "libmodel/training/trainer.hpp"

namespace checkerlab::model {

// Linear warm-up to the learning rate over `warmup_steps`, then constant but for the drops. Steps count from 0.
double learning_rate_at(const TrainConfig& config, std::int64_t step);

}  // namespace checkerlab::model
