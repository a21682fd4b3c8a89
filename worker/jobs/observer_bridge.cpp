#include "worker/jobs/observer_bridge.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace checkerlab::worker {
namespace {

constexpr std::int64_t kCurvePoints = 2000;
constexpr int kLeastShare = 20;  // writing takes at most one part in so many

std::string_view level_name(model::LogLevel level) {
  switch (level) {
    case model::LogLevel::debug:
      return "debug";
    case model::LogLevel::info:
      return "info";
    case model::LogLevel::warning:
      return "warning";
    case model::LogLevel::error:
      break;
  }
  return "error";
}

}  // namespace

ObserverBridge::ObserverBridge(JobContext& context, std::filesystem::path scratch,
                               std::chrono::duration<double> interval)
    : context_(context), scratch_(std::move(scratch)), interval_(interval), last_(Clock::now()), writing_(last_) {}

void ObserverBridge::progress(std::int64_t done, std::int64_t total, std::string_view unit) {
  curve_stride_ = std::max<std::int64_t>(1, total / kCurvePoints);
  context_.progress(done, total, unit, "");
}

void ObserverBridge::curve(std::string_view series, std::int64_t step, double value) {
  auto next = next_point_.find(series);
  if (next == next_point_.end()) next = next_point_.emplace(series, 0).first;
  if (step < next->second) return;
  next->second = step - step % curve_stride_ + curve_stride_;
  context_.curve(series, step, value);
}

void ObserverBridge::log(model::LogLevel level, std::string_view text) {
  context_.log(level_name(level), text);
}

std::optional<std::filesystem::path> ObserverBridge::checkpoint_due() {
  const auto now = Clock::now();
  if (now - last_ < interval_) return std::nullopt;
  writing_ = now;
  return scratch_ / ("checkpoint-" + std::to_string(++checkpoints_) + ".safetensors");
}

void ObserverBridge::checkpoint(std::int64_t step, const std::filesystem::path& file) {
  last_ = Clock::now();
  if (interval_.count() > 0) {
    interval_ = std::max(interval_, std::chrono::duration<double>(last_ - writing_) * kLeastShare);
  }
  context_.checkpoint(step, file);
}

}  // namespace checkerlab::worker
