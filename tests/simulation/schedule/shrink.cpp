#include "tests/simulation/schedule/shrink.hpp"

#include <algorithm>

namespace checkerlab::simulation {
namespace {

Schedule without(const Schedule& schedule, std::size_t begin, std::size_t count) {
  Schedule shorter{schedule.seed, schedule.empty_disk, {}};
  for (std::size_t i = 0; i < schedule.operations.size(); ++i) {
    if (i < begin || i >= begin + count) shorter.operations.push_back(schedule.operations[i]);
  }
  return shorter;
}

}  // namespace

Schedule shrink(Schedule schedule, const std::function<bool(const Schedule&)>& fails, int most_runs) {
  std::size_t piece = std::max<std::size_t>(schedule.operations.size() / 2, 1);
  while (most_runs > 0) {
    bool shorter = false;
    for (std::size_t begin = 0; begin < schedule.operations.size() && most_runs > 0;) {
      Schedule candidate = without(schedule, begin, piece);
      --most_runs;
      if (fails(candidate)) {
        schedule = std::move(candidate);
        shorter = true;
      } else {
        begin += piece;
      }
    }
    if (piece == 1 && !shorter) break;
    if (!shorter) piece = std::max<std::size_t>(piece / 2, 1);
  }
  return schedule;
}

}  // namespace checkerlab::simulation
