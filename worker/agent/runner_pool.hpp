// The runners of one agent: gives them work, takes it back from those that hang, and replaces those that die.
//
// One heavy attempt occupies a runner; light ones (see is_light) are piped to a runner ahead of time, many at once.
// Runs on the io_context's thread alone.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "worker/agent/backoff.hpp"
#include "worker/agent/runner_process.hpp"

namespace checkerlab::worker {

struct PoolOptions {
  std::vector<std::string> command;  // how to start a runner
  int slots = 1;
  std::chrono::milliseconds cancel_grace{700};  // between the request to stop and the kill
  BackoffLimits restart{std::chrono::milliseconds{50}, std::chrono::milliseconds{5000}};
};

// A runner ended. `in_flight` are the attempts it had, oldest first: the first one was running, the others had not
// begun.
struct RunnerDeath {
  ExitStatus status;
  std::string complaint;  // what was wrong with its last words; usually empty
  std::vector<AttemptId> in_flight;
};

struct PoolCallbacks {
  std::function<void(const Event&)> on_event;  // everything but ReadyEvent
  // `attempt` is the running one, nullptr when there is none.
  std::function<void(const AttemptId* attempt, const std::string& line)> on_output;
  std::function<void(const RunnerDeath&)> on_death;
  std::function<void()> on_free;  // a runner may take more
};

class RunnerPool {
 public:
  // Starts the runners. Throws Error when the first start fails.
  RunnerPool(boost::asio::io_context& context, PoolOptions options, PoolCallbacks callbacks);

  // False when no runner can take it now.
  bool try_run(const RunCommand& command);

  // Asks the attempt to stop and kills its runner when it has not done so after the grace. Attempts that are not in
  // flight are ignored.
  void cancel(const AttemptId& id);

  // Passes it on where the attempt is in flight.
  void tell(const GangAddressCommand& rank_zero);

  std::vector<int> pids() const;

 private:
  struct Slot {
    std::unique_ptr<RunnerProcess> process;  // null between death and restart
    std::deque<AttemptId> in_flight;
    bool heavy = false;
    Backoff restart;
    boost::asio::steady_timer restart_timer;
  };

  void start(Slot& slot);
  void start_later(Slot& slot);
  void take_event(Slot& slot, const Event& event);
  void take_exit(Slot& slot, const ExitStatus& status, const std::string& complaint);
  void finish(Slot& slot, const AttemptId& id);
  Slot* choose(bool light);
  Slot* slot_of(const AttemptId& id);

  boost::asio::io_context& context_;
  PoolOptions options_;
  PoolCallbacks callbacks_;
  std::vector<std::unique_ptr<Slot>> slots_;
  std::map<AttemptId, std::unique_ptr<boost::asio::steady_timer>> graces_;
};

}  // namespace checkerlab::worker
