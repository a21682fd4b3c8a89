// What a kind of job is to the runner: one class, one file. The runner knows nothing else about the work.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "worker/protocol/messages.hpp"
#include "worker/runner/warm_cache.hpp"

namespace checkerlab::worker {

// How a running job talks to the world. Implementations are safe from any thread; calls are cheap and may be made every
// step, because progress is thinned to at most ten reports a second.
class JobContext {
 public:
  virtual ~JobContext() = default;

  virtual void progress(std::int64_t done, std::int64_t total, std::string_view unit, std::string_view message) = 0;
  virtual void curve(std::string_view series, std::int64_t step, double value) = 0;
  virtual void log(std::string_view level, std::string_view text) = 0;  // level: "info", "warning" or "error"

  // Hands over a complete file of the scratch folder; the job must not touch it again.
  virtual void checkpoint(std::int64_t step, const std::filesystem::path& file) = 0;

  // Of a gang: rank 0 tells where the others find it …
  virtual void listening(const std::string& host, int port) = 0;
  // … and each of them waits until it knows. Throws Error(cancelled).
  virtual GangAddressCommand wait_for_rank_zero() = 0;

  virtual bool cancelled() const = 0;

  // Throws Error(cancelled) once the attempt is cancelled.
  void throw_if_cancelled() const;

 protected:
  [[noreturn]] static void throw_cancelled();
};

struct JobOutput {
  std::map<std::string, double> metrics;
  std::map<std::string, std::filesystem::path> artifacts;  // by name; files of the scratch folder
  std::map<std::string, std::string> identity;             // of measurements: "evaluator_version", "code_version"
};

// Stateless apart from what it keeps in the WarmCache; one job runs at a time in a process.
class JobKind {
 public:
  virtual ~JobKind() = default;

  virtual std::string_view name() const = 0;

  // Does the work. Asks `context.cancelled()` at least every half second and then throws Error(cancelled). Throws Error
  // for whatever will fail again in the same way; any other exception makes the attempt fail as retryable in a fresh
  // process.
  virtual JobOutput run(const RunCommand& command, JobContext& context, WarmCache& warm) = 0;
};

}  // namespace checkerlab::worker
