// What the steps of a training leave on the device, read a few at once so that the device is not waited for after every
// step, and the curves made of it:
//   loss, learning_rate, gradient_norm         of every step
//   loss_SxS                                   mean over the tokens of the scale of side S
//   fp16_scale                                 in fp16: what the loss is multiplied by
//   images_per_second, memory_gib              once a second at most
// Not thread-safe.
#pragma once

#include <ATen/core/Tensor.h>

#include <chrono>
#include <cstdint>
#include <vector>

#include "libmodel/observer.hpp"
#include "libmodel/training/optimizer.hpp"
#include "libmodel/training/train_config.hpp"
#include "libmodel/training/training_state.hpp"

namespace checkerlab::model {

class TrainingMetrics {
 public:
  // Keeps references to all of them.
  TrainingMetrics(const TrainConfig& config, c10::Device device, Observer& observer, TrainingCounts& counts);

  // A finished step: `losses` [1 + scales] fp32, the mean loss and the means of the scales; `scale` is what the loss
  // scaler had, undefined without one. Reads what has gathered when it is time to.
  void add(std::int64_t step, std::int64_t images, double learning_rate, const at::Tensor& losses,
           const StepReport& report, const at::Tensor& scale);

  // Reads all that has gathered. Throws Error(ErrorCode::not_finite) naming the first step whose loss or gradient was
  // not finite, when more of them than the configuration allows were left out.
  void read();

 private:
  struct Pending {
    std::int64_t step = 0;
    double learning_rate = 0;
    at::Tensor values;  // losses, gradient norm, skipped, scale
  };
  void report_step(const Pending& pending, const double* values);
  void count_bad_step(std::int64_t step, double loss, double norm);
  void report_speed(std::int64_t step);

  using Clock = std::chrono::steady_clock;
  const TrainConfig& config_;
  c10::Device device_;
  Observer& observer_;
  TrainingCounts& counts_;
  std::vector<Pending> pending_;
  Clock::time_point reported_ = Clock::now();  // when the speed last was
  std::int64_t images_ = 0;                    // since then
};

}  // namespace checkerlab::model
