// Time behind a seam: the system's clock in production, a clock moved by hand in tests.
#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <string_view>

namespace checkerlab {

using SteadyTime = std::chrono::steady_clock::time_point;
using UtcTime = std::chrono::sys_time<std::chrono::milliseconds>;

// Implementations are thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual UtcTime utc() const = 0;
  virtual SteadyTime steady() const = 0;  // never goes back; for leases and durations
};

class SystemClock final : public Clock {
 public:
  UtcTime utc() const override;
  SteadyTime steady() const override;
};

class ManualClock final : public Clock {
 public:
  explicit ManualClock(UtcTime start) : utc_(start) {}
  UtcTime utc() const override;
  SteadyTime steady() const override;
  void advance(std::chrono::milliseconds by);

 private:
  mutable std::mutex mutex_;
  UtcTime utc_;
  SteadyTime steady_{};
};

// "2026-11-23T10:00:00.123Z".
std::string rfc3339(UtcTime time);
// Reads what rfc3339 writes, with or without fraction; throws Error(invalid_data).
UtcTime parse_rfc3339(std::string_view text);

}  // namespace checkerlab
