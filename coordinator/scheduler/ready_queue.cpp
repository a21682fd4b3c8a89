#include "coordinator/scheduler/ready_queue.hpp"

namespace checkerlab::coordinator::scheduler {

ReadyQueue::Levels& ReadyQueue::levels(KindIndex kind) {
  if (at(kind) >= kinds_.size()) kinds_.resize(at(kind) + 1);
  return kinds_[at(kind)];
}

void ReadyQueue::push_back(KindIndex kind, std::int16_t priority, JobIndex job) {
  levels(kind)[priority].push_back(job);
}

void ReadyQueue::push_front(KindIndex kind, std::int16_t priority, JobIndex job) {
  levels(kind)[priority].push_front(job);
}

void ReadyQueue::pop(KindIndex kind) {
  levels(kind).begin()->second.pop_front();
}

}  // namespace checkerlab::coordinator::scheduler
