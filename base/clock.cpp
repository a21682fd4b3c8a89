#include "base/clock.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "base/error.hpp"

namespace checkerlab {

using namespace std::chrono;

UtcTime SystemClock::utc() const {
  return floor<milliseconds>(system_clock::now());
}
SteadyTime SystemClock::steady() const {
  return steady_clock::now();
}

UtcTime ManualClock::utc() const {
  const std::lock_guard lock(mutex_);
  return utc_;
}

SteadyTime ManualClock::steady() const {
  const std::lock_guard lock(mutex_);
  return steady_;
}

void ManualClock::advance(milliseconds by) {
  const std::lock_guard lock(mutex_);
  utc_ += by;
  steady_ += by;
}

std::string rfc3339(UtcTime time) {
  const auto day = floor<days>(time);
  const year_month_day date{day};
  const hh_mm_ss clock{time - day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

UtcTime parse_rfc3339(std::string_view text) {
  const std::string copy(text);
  int y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0, ms = 0, used = 0;
  const bool fraction =
      std::sscanf(copy.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d.%3dZ%n", &y, &mo, &d, &h, &mi, &s, &ms, &used) == 7 &&
      used > 0;
  if (!fraction) {
    ms = used = 0;
    if (std::sscanf(copy.c_str(), "%4d-%2d-%2dT%2d:%2d:%2dZ%n", &y, &mo, &d, &h, &mi, &s, &used) != 6) used = 0;
  }
  const year_month_day date{year{y}, month{static_cast<unsigned>(mo)}, day{static_cast<unsigned>(d)}};
  const bool in_range = h >= 0 && h < 24 && mi >= 0 && mi < 60 && s >= 0 && s < 60 && ms >= 0;
  if (static_cast<std::size_t>(used) != text.size() || used == 0 || !date.ok() || !in_range) {
    throw Error(ErrorCode::invalid_data, "'" + copy + "' is not a UTC time", "Write it as 2026-01-31T12:00:00Z.");
  }
  return sys_days{date} + hours{h} + minutes{mi} + seconds{s} + milliseconds{ms};
}

}  // namespace checkerlab
