// Many seeds on several threads, until one fails or there were enough.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "tests/simulation/run.hpp"

namespace checkerlab::simulation {

struct SweepOptions {
  std::uint64_t first_seed = 1;
  std::uint64_t seeds = 0;                   // 0: no limit but the time
  std::optional<std::chrono::seconds> time;  // none: no limit but the seeds
  unsigned threads = 1;
};

struct Failure {
  std::uint64_t seed = 0;
  std::string problem;
};

struct SweepReport {
  std::uint64_t seeds = 0;  // that were run
  double seconds = 0;
  Tally tally;
  std::optional<Failure> failure;  // of the smallest seed that failed
};

// `progress(seeds so far)` is called now and then, from any thread but by one at a time.
SweepReport sweep(const SweepOptions& options, const Plant& plant = {},
                  const std::function<void(std::uint64_t)>& progress = nullptr);

// The shortest schedule found that shows the same problem, and its run with the trace.
struct Shortest {
  Schedule schedule;
  RunReport report;
};
Shortest shorten(const Schedule& schedule, const Plant& plant = {});

}  // namespace checkerlab::simulation
