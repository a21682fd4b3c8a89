#include "worker/runner/attempt_context.hpp"

#include <cmath>
#include <utility>

#include "base/error.hpp"

namespace checkerlab::worker {

AttemptContext::AttemptContext(AttemptId id, EventWriter& writer, const Clock& clock)
    : id_(std::move(id)), writer_(writer), clock_(clock) {}

void AttemptContext::progress(std::int64_t done, std::int64_t total, std::string_view unit, std::string_view message) {
  const auto now = clock_.steady();
  const std::lock_guard lock(mutex_);
  const bool finished = done >= total;
  latest_ = ProgressEvent{id_, done, total, std::string(unit), std::string(message)};
  progress_held_ = true;
  if (finished || !last_sent_ || now - *last_sent_ >= kLeastInterval) send_locked(now);
}

void AttemptContext::curve(std::string_view series, std::int64_t step, double value) {
  if (!std::isfinite(value)) {
    throw Error(ErrorCode::not_finite, std::string(series) + " is not finite at step " + std::to_string(step),
                "lower the learning rate");
  }
  const auto now = clock_.steady();
  const std::lock_guard lock(mutex_);
  points_.push_back({std::string(series), step, value});
  if (!last_sent_ || now - *last_sent_ >= kLeastInterval) send_locked(now);
}

void AttemptContext::log(std::string_view level, std::string_view text) {
  writer_.send(LogEvent{id_, std::string(level), std::string(text)});
}

void AttemptContext::checkpoint(std::int64_t step, const std::filesystem::path& file) {
  writer_.send(CheckpointEvent{id_, step, file});
}

bool AttemptContext::cancelled() const {
  const std::lock_guard lock(mutex_);
  return cancelled_;
}

void AttemptContext::cancel() {
  const std::lock_guard lock(mutex_);
  cancelled_ = true;
  told_.notify_all();
}

void AttemptContext::listening(const std::string& host, int port) {
  writer_.send(GangListeningEvent{id_, host, port});
}

GangAddressCommand AttemptContext::wait_for_rank_zero() {
  {
    std::unique_lock lock(mutex_);
    told_.wait(lock, [this] { return cancelled_ || rank_zero_; });
    if (!cancelled_) return *rank_zero_;
  }
  throw_cancelled();
}

void AttemptContext::tell(const GangAddressCommand& rank_zero) {
  const std::lock_guard lock(mutex_);
  rank_zero_ = rank_zero;
  told_.notify_all();
}

void AttemptContext::tick() {
  const auto now = clock_.steady();
  const std::lock_guard lock(mutex_);
  const bool held = progress_held_ || !points_.empty();
  const auto silence = last_sent_ ? now - *last_sent_ : kMostSilence;
  if ((held && silence >= kLeastInterval) || (latest_ && silence >= kMostSilence)) send_locked(now);
}

void AttemptContext::finish() {
  const std::lock_guard lock(mutex_);
  if (progress_held_ || !points_.empty()) send_locked(clock_.steady());
}

void AttemptContext::send_locked(SteadyTime now) {
  if (!points_.empty()) writer_.append(CurveEvent{id_, std::exchange(points_, {})});
  if (latest_) writer_.append(*latest_);
  writer_.flush();
  progress_held_ = false;
  last_sent_ = now;
}

}  // namespace checkerlab::worker
