// Jobs that could run, in lanes: one lane for each shape (what a job asks of a worker) and study. Within a lane by the
// job's priority, then first in, first out. A job that several studies want stands in the lane of each; entries that no
// longer count are dropped when they are met. A decision costs O(lanes of the worker's shapes), whatever their length.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

#include "coordinator/scheduler/ids.hpp"

namespace checkerlab::coordinator::scheduler {

class ReadyQueue {
 public:
  // How many jobs at the front of a lane are looked at for the one that suits the worker best, and how often in a row
  // the front one may be passed over for that.
  static constexpr std::size_t kWindow = 8;
  static constexpr std::uint32_t kMostPassed = 32;

  void push(ShapeIndex shape, StudyIndex study, std::int16_t priority, JobIndex job, QueueEnd end);

  // Lanes of the shape are numbered from 0; a lane that has become empty is replaced by the last one.
  std::size_t lanes(ShapeIndex shape) const { return at(shape) < shapes_.size() ? shapes_[at(shape)].size() : 0; }
  StudyIndex study(ShapeIndex shape, std::size_t lane) const { return shapes_[at(shape)][lane].study; }
  bool has_lanes(StudyIndex study) const {
    return at(study) < lanes_of_study_.size() && lanes_of_study_[at(study)] > 0;
  }
  // Entries in a lane, also such that no longer count.
  std::size_t length(ShapeIndex shape, StudyIndex study) const;
  bool contains(ShapeIndex shape, StudyIndex study, JobIndex job) const;  // O(length), for tests

  struct Head {
    std::int16_t priority = 0;
    JobIndex job{};
  };
  // The next job of the lane; `is_valid(job)` says whether an entry still counts. None when the lane was empty: it is
  // gone then.
  template <class IsValid>
  std::optional<Head> head(ShapeIndex shape, std::size_t lane, IsValid&& is_valid) {
    Levels& levels = shapes_[at(shape)][lane].levels;
    while (!levels.empty()) {
      auto& [priority, level] = *levels.begin();
      while (!level.jobs.empty() && !is_valid(level.jobs.front()))
        level.jobs.pop_front();
      if (!level.jobs.empty()) return Head{priority, level.jobs.front()};
      levels.erase(levels.begin());
    }
    erase(shape, lane);
    return std::nullopt;
  }

  // Removes and gives a job of the lane that has a head: of those at the front the one with the greatest `score(job)`.
  template <class IsValid, class Score>
  JobIndex take(ShapeIndex shape, std::size_t lane, IsValid&& is_valid, Score&& score) {
    Level& level = shapes_[at(shape)][lane].levels.begin()->second;
    std::size_t best = 0;
    if (level.passed < kMostPassed) {
      auto most = score(level.jobs.front());
      for (std::size_t i = 1; i < std::min(kWindow, level.jobs.size()); ++i) {
        if (!is_valid(level.jobs[i])) continue;
        const auto found = score(level.jobs[i]);
        if (found <= most) continue;
        most = found;
        best = i;
      }
    }
    level.passed = best == 0 ? 0 : level.passed + 1;
    const JobIndex job = level.jobs[best];
    level.jobs.erase(level.jobs.begin() + static_cast<std::ptrdiff_t>(best));
    return job;
  }

  // Forgets every entry of the study, or those of jobs for which not `keep(job)`.
  void drop(StudyIndex study);
  void retain(StudyIndex study, const std::function<bool(JobIndex)>& keep);

 private:
  struct Level {
    std::deque<JobIndex> jobs;
    std::uint32_t passed = 0;
  };
  using Levels = std::map<std::int16_t, Level, std::greater<>>;
  struct Lane {
    StudyIndex study{};
    Levels levels;
  };
  static std::uint64_t place(ShapeIndex shape, StudyIndex study) { return std::uint64_t{at(shape)} << 32U | at(study); }
  void erase(ShapeIndex shape, std::size_t lane);

  std::vector<std::vector<Lane>> shapes_;
  std::unordered_map<std::uint64_t, std::size_t> positions_;  // of a lane among those of its shape
  std::vector<std::uint32_t> lanes_of_study_;
};

}  // namespace checkerlab::coordinator::scheduler
