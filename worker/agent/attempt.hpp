// What the agent knows about one attempt it was given. Plain data and the messages made from it.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "base/child_process.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "rpc/messages.hpp"
#include "worker/agent/artifact_cache.hpp"
#include "worker/agent/log_tail.hpp"
#include "worker/protocol/messages.hpp"

namespace checkerlab::worker {

struct Attempt {
  enum class Phase {
    fetching,  // waits for its inputs
    ready,     // waits for a runner
    running,   // in a runner, or in its pipe
    ending,    // its outputs, or its last checkpoint, are on their way to the coordinator
    finished   // told; kept until the coordinator says that it has written it down
  };
  enum class Stop { none, cancelled, preempted };

  AttemptId id;
  rpc::Assignment job;  // its spec and hints move on into the command
  bool light = false;   // takes next to no time, writes no files, waits for nobody: see is_light in worker/protocol
  RunCommand command;   // what the runner is told, once all inputs are here
  Phase phase = Phase::fetching;
  Stop stop = Stop::none;
  std::map<std::string, ArtifactCache::PinPtr> pins;  // by hash: the inputs in use
  std::size_t fetches_left = 0;
  std::optional<SteadyTime> fetched_at;  // when the last of its inputs came; nothing when it needs none
  std::optional<double> ready_seconds;   // from then until it began
  std::filesystem::path scratch;
  LogTail tail;
  std::optional<CheckpointEvent> next_checkpoint;  // to be sent after the one that is being sent
  bool saving = false;                             // a checkpoint is on its way
  std::optional<rpc::GangListening> listening;     // of rank 0 of a gang
  std::optional<rpc::GangAddress> rank_zero;       // of another rank: where rank 0 listens
  std::optional<rpc::AttemptFinished> last_word;   // once ending or finished
};

// Ends of an attempt.
rpc::AttemptFinished succeeded(const AttemptId& id, rpc::JobResult result);
rpc::AttemptFinished cancelled(const AttemptId& id);
rpc::AttemptFinished preempted(const AttemptId& id);
rpc::AttemptFinished failed(const AttemptId& id, const Error& error, bool retryable);
rpc::AttemptFinished failed(const FailedEvent& event, const LogTail& tail);
rpc::AttemptFinished crashed(const AttemptId& id, const ExitStatus& status, const std::string& complaint,
                             const LogTail& tail);

// What the runner is told; takes spec and hints out of the attempt's job. Every input and the checkpoint, if one is to
// be used, must be pinned.
RunCommand make_command(Attempt& attempt, const std::string& device);

}  // namespace checkerlab::worker
