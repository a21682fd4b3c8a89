// Every setting of a training that changes its result. Plain values.
//
// Moments and lengths are given in optimiser steps or in epochs (passes over the data set, fractions allowed); StepPlan
// turns epochs into steps once the number of images is known.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libmodel/device.hpp"
#include "libmodel/transformer/config.hpp"

namespace checkerlab::model {

// From `step` on (counted from 0), or from the first step that has `epoch` epochs behind it, the learning rate is
// multiplied by `factor`; several drops multiply.
struct LearningRateDrop {
  std::int64_t step = 0;
  double factor = 1;
  std::optional<double> epoch;  // instead of `step`
};

// From that moment on the gradients of so many batches are averaged into one step. 1 before the first change.
struct Accumulation {
  std::int64_t step = 0;
  std::int64_t batches = 1;
  std::optional<double> epoch;  // instead of `step`
};

struct TrainConfig {
  ModelConfig model;
  std::int64_t steps = 0;        // 0: the untrained model
  std::optional<double> epochs;  // instead of `steps`
  std::int64_t batch = 0;        // images of a batch: one draw of block sizes, and of a step unless accumulated
  std::vector<Accumulation> accumulation;  // ascending
  double learning_rate = 0;
  std::int64_t warmup_steps = 0;        // linear, from learning rate / warm-up steps
  std::optional<double> warmup_epochs;  // instead of `warmup_steps`
  std::vector<LearningRateDrop> drops;
  double weight_decay = 0;                 // on parameters with two or more dimensions, embeddings included
  double label_dropout = 0;                // probability of training an item without its class
  double source_replacement = 0;           // probability per location of a random code as source of the next scale
  double gradient_clip = 0;                // largest global L2 norm of the gradients; 0: no clipping
  double ema_decay = 0;                    // decay of the weights' moving average; 0: none is kept
  std::int64_t skip_limit = 0;             // steps without finite numbers that are left out before training stops
  std::int64_t fixed_steps_per_scale = 0;  // 0: block sizes drawn anew for every scale of every batch
  std::uint64_t seed = 0;
  Precision precision = Precision::fp32;
  std::string start;  // identity of the weights that it starts from; empty: fresh ones

  // Throws Error(ErrorCode::invalid_argument) with the first thing that cannot be.
  void validate() const;
};

}  // namespace checkerlab::model
