#include "coordinator/scheduler/ready_queue.hpp"

#include <algorithm>

namespace checkerlab::coordinator::scheduler {

void ReadyQueue::push(ShapeIndex shape, StudyIndex study, std::int16_t priority, JobIndex job, QueueEnd end) {
  if (at(shape) >= shapes_.size()) shapes_.resize(at(shape) + 1);
  auto& lanes = shapes_[at(shape)];
  const auto [entry, is_new] = positions_.try_emplace(place(shape, study), lanes.size());
  if (is_new) {
    lanes.push_back({study, {}});
    if (at(study) >= lanes_of_study_.size()) lanes_of_study_.resize(at(study) + 1);
    ++lanes_of_study_[at(study)];
  }
  auto& jobs = lanes[entry->second].levels[priority].jobs;
  if (end == QueueEnd::front) {
    jobs.push_front(job);
  } else {
    jobs.push_back(job);
  }
}

std::size_t ReadyQueue::length(ShapeIndex shape, StudyIndex study) const {
  const auto found = positions_.find(place(shape, study));
  if (found == positions_.end()) return 0;
  std::size_t length = 0;
  for (const auto& [priority, level] : shapes_[at(shape)][found->second].levels)
    length += level.jobs.size();
  return length;
}

bool ReadyQueue::contains(ShapeIndex shape, StudyIndex study, JobIndex job) const {
  const auto found = positions_.find(place(shape, study));
  if (found == positions_.end()) return false;
  const Levels& levels = shapes_[at(shape)][found->second].levels;
  return std::any_of(levels.begin(), levels.end(), [&](const auto& level) {
    return std::find(level.second.jobs.begin(), level.second.jobs.end(), job) != level.second.jobs.end();
  });
}

void ReadyQueue::drop(StudyIndex study) {
  for (std::size_t shape = 0; shape < shapes_.size() && has_lanes(study); ++shape) {
    const auto found = positions_.find(place(static_cast<ShapeIndex>(shape), study));
    if (found != positions_.end()) erase(static_cast<ShapeIndex>(shape), found->second);
  }
}

void ReadyQueue::retain(StudyIndex study, const std::function<bool(JobIndex)>& keep) {
  for (std::size_t shape = 0; shape < shapes_.size(); ++shape) {
    const auto found = positions_.find(place(static_cast<ShapeIndex>(shape), study));
    if (found == positions_.end()) continue;
    Levels& levels = shapes_[shape][found->second].levels;
    for (auto& [priority, level] : levels)
      std::erase_if(level.jobs, [&](JobIndex job) { return !keep(job); });
    std::erase_if(levels, [](const auto& level) { return level.second.jobs.empty(); });
    if (levels.empty()) erase(static_cast<ShapeIndex>(shape), found->second);
  }
}

void ReadyQueue::erase(ShapeIndex shape, std::size_t lane) {
  auto& lanes = shapes_[at(shape)];
  const StudyIndex gone = lanes[lane].study;
  --lanes_of_study_[at(gone)];
  if (lane + 1 != lanes.size()) {
    lanes[lane] = std::move(lanes.back());
    positions_[place(shape, lanes[lane].study)] = lane;
  }
  lanes.pop_back();
  positions_.erase(place(shape, gone));
}

}  // namespace checkerlab::coordinator::scheduler
