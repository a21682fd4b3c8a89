// Two clocks moved by hand: the steady one only goes on, the other may jump. For one thread.
#pragma once

#include "base/clock.hpp"

namespace checkerlab::simulation {

class SimulatedClock final : public Clock {
 public:
  UtcTime utc() const override { return utc_; }
  SteadyTime steady() const override { return steady_; }

  void advance(std::chrono::milliseconds by) {
    utc_ += by;
    steady_ += by;
  }
  void jump(std::chrono::milliseconds by) { utc_ += by; }
  // Another boot of the machine: steady clocks begin anew.
  void reboot() { steady_ = SteadyTime{}; }

 private:
  UtcTime utc_{std::chrono::milliseconds(1'700'000'000'000)};
  SteadyTime steady_{};
};

}  // namespace checkerlab::simulation
