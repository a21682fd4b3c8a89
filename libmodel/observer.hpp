// How long work tells the outside what it does and learns that it should stop.
//
// Functions of this library that take longer than about a second take an Observer&. They call progress() at least once
// a second, poll cancelled() at least once a second and answer `true` by throwing Error(ErrorCode::cancelled). The
// caller owns the observer and must keep it alive for the call. All calls come from the thread that called the
// function; what an implementation does must be quick (it runs inside training loops). Exceptions thrown by an
// implementation pass through to the caller.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

namespace checkerlab::model {

enum class LogLevel { debug, info, warning, error };

class Observer {
 public:
  Observer() = default;
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;
  virtual ~Observer() = default;

  // `done` of `total` pieces of `unit` ("steps", "images", "batches") are finished.
  virtual void progress(std::int64_t done, std::int64_t total, std::string_view unit) = 0;
  // One point of a training curve, e.g. ("loss", 120, 3.1).
  virtual void curve(std::string_view series, std::int64_t step, double value) = 0;
  virtual void log(LogLevel level, std::string_view text) = 0;
  // True once the work should stop.
  virtual bool cancelled() const = 0;
  // Where to write a checkpoint now, or nothing when none is wanted. Asked once per step.
  virtual std::optional<std::filesystem::path> checkpoint_due() = 0;
  // A checkpoint taken after `step` finished steps lies complete in `file`; the observer owns the file from here on.
  virtual void checkpoint(std::int64_t step, const std::filesystem::path& file) = 0;
};

// Listens to nothing, never cancels, wants no checkpoints.
class NullObserver : public Observer {
 public:
  void progress(std::int64_t, std::int64_t, std::string_view) override {}
  void curve(std::string_view, std::int64_t, double) override {}
  void log(LogLevel, std::string_view) override {}
  bool cancelled() const override { return false; }
  std::optional<std::filesystem::path> checkpoint_due() override { return std::nullopt; }
  void checkpoint(std::int64_t, const std::filesystem::path&) override {}
};

// Throws Error(ErrorCode::cancelled) naming `what` when the observer asks to stop.
void throw_if_cancelled(const Observer& observer, std::string_view what);

}  // namespace checkerlab::model
