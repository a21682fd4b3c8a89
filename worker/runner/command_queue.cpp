#include "worker/runner/command_queue.hpp"

#include <utility>

namespace checkerlab::worker {

void CommandQueue::push(RunCommand command) {
  auto context = std::make_shared<AttemptContext>(command.id, writer_, clock_);
  const std::lock_guard lock(mutex_);
  waiting_.push_back({std::move(command), std::move(context)});
  changed_.notify_all();
}

AttemptContext* CommandQueue::find(const AttemptId& id) {
  if (running_ && running_->id() == id) return running_.get();
  for (const auto& work : waiting_) {
    if (work.command.id == id) return work.context.get();
  }
  return nullptr;
}

void CommandQueue::cancel(const AttemptId& id) {
  const std::lock_guard lock(mutex_);
  if (auto* attempt = find(id)) attempt->cancel();
}

void CommandQueue::tell(const GangAddressCommand& rank_zero) {
  const std::lock_guard lock(mutex_);
  if (auto* attempt = find(rank_zero.id)) attempt->tell(rank_zero);
}

void CommandQueue::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  changed_.notify_all();
}

std::optional<Work> CommandQueue::next() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return closed_ || !waiting_.empty(); });
  if (waiting_.empty()) return std::nullopt;
  auto work = std::move(waiting_.front());
  waiting_.pop_front();
  running_ = work.context;
  return work;
}

void CommandQueue::end() {
  const std::lock_guard lock(mutex_);
  running_.reset();
}

bool CommandQueue::empty() const {
  const std::lock_guard lock(mutex_);
  return waiting_.empty();
}

void CommandQueue::tick() {
  std::shared_ptr<AttemptContext> running;
  {
    const std::lock_guard lock(mutex_);
    running = running_;
  }
  if (running) running->tick();
}

}  // namespace checkerlab::worker
