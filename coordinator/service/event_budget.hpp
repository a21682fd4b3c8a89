// How many events about single jobs may go out: a burst, then so many a second. Beyond that one event for each study
// stands for all of its jobs (see server_event.hpp): nobody looks at thousands of jobs a second one by one, and writing
// them out would cost more than running them. Pure; not thread-safe.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace checkerlab::coordinator {

class EventBudget {
 public:
  static constexpr double kBurst = 1'000;
  static constexpr double kPerSecond = 200;

  // Takes `count` at `now` in milliseconds, or nothing when there are not so many left.
  bool take(std::size_t count, std::int64_t now) {
    const auto passed = static_cast<double>(std::max<std::int64_t>(0, now - filled_at_)) / 1'000;
    left_ = std::min(kBurst, left_ + passed * kPerSecond);
    filled_at_ = now;
    const auto wanted = static_cast<double>(count);
    if (wanted > left_) return false;
    left_ -= wanted;
    return true;
  }

 private:
  double left_ = kBurst;
  std::int64_t filled_at_ = 0;
};

}  // namespace checkerlab::coordinator
