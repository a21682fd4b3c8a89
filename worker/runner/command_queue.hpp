// The commands a runner has received and not finished, filled by the thread that reads the pipe, emptied by the one
// that runs jobs. Safe from any thread.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>

#include "worker/runner/attempt_context.hpp"

namespace checkerlab::worker {

// One attempt and the context it runs in.
struct Work {
  RunCommand command;
  std::shared_ptr<AttemptContext> context;
};

class CommandQueue {
 public:
  // The writer and the clock are for the contexts made here and must outlive the queue.
  CommandQueue(EventWriter& writer, const Clock& clock) : writer_(writer), clock_(clock) {}

  void push(RunCommand command);

  // Cancels the attempt whether it runs or waits; an attempt that is over is left alone.
  void cancel(const AttemptId& id);

  // Tells the attempt, whether it runs or waits.
  void tell(const GangAddressCommand& rank_zero);

  // No more commands will come.
  void close();

  // The next attempt, which counts as running until end(); nothing once closed and empty. Blocks.
  std::optional<Work> next();
  void end();
  bool empty() const;

  // Lets the running attempt send what is due.
  void tick();

 private:
  AttemptContext* find(const AttemptId& id);  // with the lock; nullptr when it is over

  EventWriter& writer_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Work> waiting_;
  std::shared_ptr<AttemptContext> running_;
  bool closed_ = false;
};

}  // namespace checkerlab::worker
