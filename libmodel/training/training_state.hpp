// Everything that a training carries from one step to the next. Moved on by the trainer, kept by training checkpoints.
// Not thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "libmodel/training/loss_scaler.hpp"
#include "libmodel/training/optimizer.hpp"
#include "libmodel/training/train_config.hpp"
#include "libmodel/training/weight_average.hpp"
#include "libmodel/transformer/model.hpp"

namespace checkerlab::model {

// Mean of the losses with exponentially falling weights (decay 0.98), unbiased from the first one on.
struct RunningLoss {
  static constexpr double kDecay = 0.98;
  double sum = 0, weight = 0;

  void add(double loss) {
    sum = kDecay * sum + loss;
    weight = kDecay * weight + 1;
  }
  double mean() const { return sum / weight; }
};

// What was counted so far.
struct TrainingCounts {
  RunningLoss loss;
  std::int64_t overflows = 0;   // fp16: steps left out because scaled gradients overflowed
  std::int64_t not_finite = 0;  // steps left out because loss or gradients were not finite
};

struct TrainingState {
  // The start of a training from `start`, whose tensors lie on the training's device.
  TrainingState(const TrainConfig& config, Model start)
      : model(std::move(start)), optimizer(model, config.weight_decay) {
    if (config.ema_decay > 0) average.emplace(model, config.ema_decay);
    if (config.precision == Precision::fp16) scaler.emplace(model.codebook.device());
  }

  Model model;
  Optimizer optimizer;
  std::optional<WeightAverage> average;
  std::optional<LossScaler> scaler;
  std::int64_t steps_done = 0;
  TrainingCounts counts;
};

}  // namespace checkerlab::model
