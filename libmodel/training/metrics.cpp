#include "libmodel/training/metrics.hpp"

#include <ATen/ATen.h>

#include <cmath>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "libmodel/training/memory_used.hpp"

namespace checkerlab::model {
namespace {

// Reading waits for the device: on CUDA it is done for so many steps at once.
constexpr std::size_t kCudaReadInterval = 16;
constexpr std::chrono::seconds kSpeedInterval{1};
constexpr double kGibibyte = 1024.0 * 1024 * 1024;

std::string number_text(double value) {
  return std::isnan(value) ? "NaN" : std::to_string(value);
}

std::string side_by_side(int side) {
  return std::to_string(side) + "x" + std::to_string(side);
}

}  // namespace

TrainingMetrics::TrainingMetrics(const TrainConfig& config, c10::Device device, Observer& observer,
                                 TrainingCounts& counts)
    : config_(config), device_(device), observer_(observer), counts_(counts) {}

void TrainingMetrics::add(std::int64_t step, std::int64_t images, double learning_rate, const at::Tensor& losses,
                          const StepReport& report, const at::Tensor& scale) {
  const at::Tensor multiplier = scale.defined() ? scale : at::ones_like(report.skipped);
  pending_.push_back(
      {step, learning_rate, at::cat({losses.detach(), at::stack({report.gradient_norm, report.skipped, multiplier})})});
  images_ += images;
  if (!device_.is_cuda() || pending_.size() >= kCudaReadInterval) read();
}

void TrainingMetrics::read() {
  if (pending_.empty()) return;
  std::vector<at::Tensor> rows;
  for (const Pending& pending : pending_) {
    rows.push_back(pending.values);
  }
  const at::Tensor values = at::stack(rows).to(at::kCPU, at::kDouble).contiguous();
  const auto steps = std::exchange(pending_, {});
  for (std::size_t i = 0; i < steps.size(); ++i) {
    report_step(steps[i], values.const_data_ptr<double>() + static_cast<std::int64_t>(i) * values.size(1));
  }
  report_speed(steps.back().step);
}

void TrainingMetrics::report_step(const Pending& pending, const double* values) {
  const std::size_t scales = config_.model.sizes.size();
  const double loss = values[0], norm = values[1 + scales], skipped = values[2 + scales];
  observer_.curve("learning_rate", pending.step, pending.learning_rate);
  if (config_.precision == Precision::fp16) observer_.curve("fp16_scale", pending.step, values[3 + scales]);
  if (std::isfinite(norm)) observer_.curve("gradient_norm", pending.step, norm);
  const bool overflowed = config_.precision == Precision::fp16 && skipped != 0;
  if (!std::isfinite(loss) || (skipped != 0 && !overflowed)) return count_bad_step(pending.step, loss, norm);
  if (overflowed) ++counts_.overflows;
  counts_.loss.add(loss);
  observer_.curve("loss", pending.step, loss);
  for (std::size_t i = 0; i < scales; ++i) {
    observer_.curve("loss_" + side_by_side(config_.model.sizes[i]), pending.step, values[1 + i]);
  }
}

void TrainingMetrics::count_bad_step(std::int64_t step, double loss, double norm) {
  const std::string what = "training: the " + std::string(std::isfinite(loss) ? "gradient" : "loss") +
                           " is not finite at step " + std::to_string(step) + " (loss " + number_text(loss) +
                           ", gradient norm " + number_text(norm) + ")";
  ++counts_.not_finite;
  if (counts_.not_finite <= config_.skip_limit) {
    observer_.log(LogLevel::warning, what + "; the step was left out, " + std::to_string(counts_.not_finite) + " of " +
                                         std::to_string(config_.skip_limit) + " that may be");
    return;
  }
  throw Error(ErrorCode::not_finite,
              config_.skip_limit == 0 ? what : what + ", after " + std::to_string(config_.skip_limit) + " left out",
              "Lower the learning rate, clip the gradients, or train in fp32");
}

void TrainingMetrics::report_speed(std::int64_t step) {
  const auto now = Clock::now();
  const std::chrono::duration<double> seconds = now - reported_;
  if (seconds < kSpeedInterval) return;
  observer_.curve("images_per_second", step, static_cast<double>(std::exchange(images_, 0)) / seconds.count());
  observer_.curve("memory_gib", step, static_cast<double>(memory_used(device_)) / kGibibyte);
  reported_ = now;
}

}  // namespace checkerlab::model
