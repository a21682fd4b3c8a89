// Numbers from a seed: the same on every machine and library. Plain value, not for several threads.
#pragma once

#include <cstdint>

namespace checkerlab::simulation {

// SplitMix64.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15ULL;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9ULL;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBULL;
    return mixed ^ (mixed >> 31);
  }
  // 0 … below - 1.
  std::uint32_t pick(std::uint32_t below) { return static_cast<std::uint32_t>((next() >> 32) * below >> 32); }
  bool one_in(std::uint32_t count) { return pick(count) == 0; }

 private:
  std::uint64_t state_;
};

}  // namespace checkerlab::simulation
