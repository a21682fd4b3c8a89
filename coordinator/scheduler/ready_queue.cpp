#include "coordinator/scheduler/ready_queue.hpp"

namespace checkerlab::coordinator::scheduler {

ReadyQueue::Levels& ReadyQueue::levels(LaneIndex lane) {
  if (at(lane) >= lanes_.size()) lanes_.resize(at(lane) + 1);
  return lanes_[at(lane)];
}

void ReadyQueue::push_back(LaneIndex lane, std::int16_t priority, JobIndex job) {
  levels(lane)[priority].push_back(job);
}

void ReadyQueue::push_front(LaneIndex lane, std::int16_t priority, JobIndex job) {
  levels(lane)[priority].push_front(job);
}

void ReadyQueue::pop(LaneIndex lane) {
  levels(lane).begin()->second.pop_front();
}

}  // namespace checkerlab::coordinator::scheduler
