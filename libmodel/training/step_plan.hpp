// What a training does at which step: batches, learning rate, epochs. A function of the configuration and the number of
// images. Immutable.
//
// The batches of a run are numbered on from 0 over all steps; batch b reads the places b·batch … (b + 1)·batch − 1 of
// the endless list of epochs, so an epoch may begin inside a batch and no image is left out.
#pragma once

#include <cstdint>
#include <vector>

#include "libmodel/training/train_config.hpp"

namespace checkerlab::model {

class StepPlan {
 public:
  // Throws Error(ErrorCode::invalid_argument) when changes of the accumulation do not ascend. Keeps no reference.
  StepPlan(const TrainConfig& config, std::int64_t images);

  std::int64_t steps() const { return steps_; }
  std::int64_t batch() const { return batch_; }
  // Batches whose gradients make step `step`, and the number of the first of them.
  std::int64_t batches(std::int64_t step) const { return phase(step).batches; }
  std::int64_t first_batch(std::int64_t step) const;
  // Linear warm-up to the learning rate, then constant but for the drops.
  double learning_rate(std::int64_t step) const;
  // Images and passes over the data set behind the beginning of `step`.
  std::int64_t images_before(std::int64_t step) const { return first_batch(step) * batch_; }
  double epochs_before(std::int64_t step) const;
  // The first step that has so many epochs behind it.
  std::int64_t step_of_epoch(double epochs) const;

 private:
  // From `first_step` on, which begins with batch `first_batch`.
  struct Phase {
    std::int64_t first_step = 0, first_batch = 0, batches = 1;
  };
  struct Drop {
    std::int64_t step;
    double factor;
  };
  const Phase& phase(std::int64_t step) const;
  void add_phase(std::int64_t step, std::int64_t batches);

  std::int64_t images_, batch_, steps_ = 0, warmup_ = 0;
  double peak_;
  std::vector<Phase> phases_{Phase{}};
  std::vector<Drop> drops_;
};

}  // namespace checkerlab::model
