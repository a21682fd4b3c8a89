// Jobs that could run, by lane; within a lane by priority, then first in, first out. A decision costs O(lanes of the
// worker), whatever the length. Entries that no longer count are dropped when they reach the front.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "coordinator/scheduler/ids.hpp"

namespace checkerlab::coordinator::scheduler {

class ReadyQueue {
 public:
  void push_back(LaneIndex lane, std::int16_t priority, JobIndex job);
  void push_front(LaneIndex lane, std::int16_t priority, JobIndex job);

  struct Head {
    std::int16_t priority = 0;
    JobIndex job{};
  };
  // The next job of `lane`. `is_valid(job)` says whether an entry still counts; the others are passed to `drop(job)`
  // and removed.
  template <class IsValid, class Drop>
  std::optional<Head> head(LaneIndex lane, IsValid&& is_valid, Drop&& drop) {
    if (at(lane) >= lanes_.size()) return std::nullopt;
    auto& levels = lanes_[at(lane)];
    while (!levels.empty()) {
      auto& [priority, jobs] = *levels.begin();
      while (!jobs.empty() && !is_valid(jobs.front())) {
        drop(jobs.front());
        jobs.pop_front();
      }
      if (!jobs.empty()) return Head{priority, jobs.front()};
      levels.erase(levels.begin());
    }
    return std::nullopt;
  }
  // Removes what head() gave.
  void pop(LaneIndex lane);

 private:
  using Levels = std::map<std::int16_t, std::deque<JobIndex>, std::greater<>>;
  Levels& levels(LaneIndex lane);

  std::vector<Levels> lanes_;
};

}  // namespace checkerlab::coordinator::scheduler
