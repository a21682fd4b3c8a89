// The attempts an agent was given, from assignment to acknowledgement: inputs fetched, work handed to a runner, outputs
// and checkpoints sent, and the end told until the coordinator has written it down.
//
// Attempts run in the order they were assigned in. Runs on the io_context's thread alone; everything slow happens on
// the transfer threads, whose answers are dropped when the attempt they belong to is over.
#pragma once

#include <boost/asio/io_context.hpp>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "worker/agent/attempt.hpp"
#include "worker/agent/runner_pool.hpp"
#include "worker/agent/session.hpp"
#include "worker/agent/transfers.hpp"

namespace checkerlab::worker {

// What the attempts need of the rest of the agent; all of it outlives them.
struct AttemptServices {
  boost::asio::io_context& context;
  Session& session;
  Transfers& transfers;
  ArtifactCache& cache;
  RunnerPool& runners;
  const Clock& clock;
  std::filesystem::path scratch_root;
  std::string device;
  std::string gang_host;  // where rank 0 of a gang listens; empty: the address that the coordinator is reached from
  // When another rank is gone the worker of that one says why; only then, after so long, this one says that it ended.
  std::chrono::milliseconds gang_grace;
  std::chrono::milliseconds transfer_retry{
      500};  // pause before a transfer that failed for want of a connection is tried again
};

class Attempts {
 public:
  explicit Attempts(AttemptServices services) : services_(std::move(services)) {}

  // From the coordinator.
  void assign(rpc::Assign assign);
  void cancel(const AttemptId& id, const std::string& reason);
  void acknowledge(const rpc::Ack& ack);
  void take_address(const rpc::GangAddress& address);
  void tell_again();  // after a reconnect

  // From the runners.
  void take_event(const Event& event);
  void take_output(const AttemptId& id, const std::string& line);
  void take_death(const RunnerDeath& death);
  void dispatch();

  // Gives everything back: running attempts are stopped, the others end at once. Results that are on their way go on.
  void preempt();
  // Ends whatever has not ended, as preempted.
  void give_up();

  // All that are not acknowledged, for a coordinator that may know other ones.
  std::vector<rpc::AttemptRef> held() const;
  // Those that have not ended. The end of the others is told: a coordinator that knows it would take them for strays.
  std::vector<rpc::AttemptRef> unfinished() const;
  bool empty() const { return attempts_.empty(); }
  bool all_finished() const;

  // Called whenever an attempt finished or was acknowledged.
  std::function<void()> on_change = [] {};

 private:
  struct Output;

  Attempt* find(const AttemptId& id);
  void begin(rpc::Assignment job);
  void stop(Attempt& attempt, Attempt::Stop why);
  void log(const AttemptId& id, std::string_view level, std::string_view text);

  void fetch_inputs(Attempt& attempt);
  void fetch(const AttemptId& id, const std::string& sha256, std::uint64_t bytes);
  void fetch_failed(const AttemptId& id, const std::string& sha256, std::uint64_t bytes, const Error& error);
  void fetched(Attempt& attempt);

  const std::string& gang_host() const;
  void take_listening(const GangListeningEvent& event);
  void tell_rank_zero(const Attempt& attempt);
  void take_failure(const FailedEvent& event);

  void take_done(const DoneEvent& event);
  void send_outputs(const std::shared_ptr<Output>& output);
  void save_checkpoint(Attempt& attempt, const CheckpointEvent& event);
  void checkpoint_saved(const AttemptId& id, const CheckpointEvent& event, const rpc::ArtifactRef& artifact,
                        const std::exception_ptr& failure);

  void end(Attempt& attempt, rpc::AttemptFinished last_word);
  void conclude(Attempt& attempt);
  void later(std::function<void()> action) { later(services_.transfer_retry, std::move(action)); }
  void later(std::chrono::milliseconds pause, std::function<void()> action);

  AttemptServices services_;
  std::map<AttemptId, Attempt> attempts_;
  std::deque<AttemptId> ready_;
};

}  // namespace checkerlab::worker
