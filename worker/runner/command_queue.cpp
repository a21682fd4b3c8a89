#include "worker/runner/command_queue.hpp"

#include <utility>

namespace checkerlab::worker {

void CommandQueue::push(RunCommand command) {
  auto context = std::make_shared<AttemptContext>(command.id, writer_, clock_);
  const std::lock_guard lock(mutex_);
  waiting_.push_back({std::move(command), std::move(context)});
  changed_.notify_all();
}

void CommandQueue::cancel(const AttemptId& id) {
  const std::lock_guard lock(mutex_);
  if (running_ && running_->id() == id) running_->cancel();
  for (const auto& work : waiting_) {
    if (work.command.id == id) work.context->cancel();
  }
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
