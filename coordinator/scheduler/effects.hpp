// What the scheduler wants done, in order. The caller makes it durable first and tells the workers afterwards.
#pragma once

#include <cstdint>
#include <string_view>
#include <variant>
#include <vector>

#include "coordinator/scheduler/events.hpp"

namespace checkerlab::coordinator::scheduler {

// Hand this job to the worker as attempt `number`. Of a gang one for each rank, from 0 on, right after each other.
struct Assign {
  WorkerIndex worker{};
  JobIndex job{};
  std::uint32_t number = 0;
  std::uint32_t rank = 0;
  std::uint32_t size = 1;
};

// Why an attempt is stopped or its result refused.
enum class Reason : std::uint8_t {
  none,
  cancelled,      // nobody wants the job any more
  paused,         // given back: all who want the job are paused
  stale,          // a later attempt has taken its place
  ended,          // the attempt was over already
  lease_expired,  // no sign of life in time
  result_known,   // recorded without it
  unknown_job,
  time_limit,  // it ran longer than it may
  gang_ended   // another worker that did it too is gone
};
std::string_view to_string(Reason reason);

// Tell the worker to stop an attempt that no longer counts. The job may be unknown here, hence the key.
struct CancelAttempt {
  WorkerIndex worker{};
  AttemptId attempt;
  Reason reason{};
};

struct JobChanged {
  JobIndex job{};
  JobState state{};
  JobState from{};
};

// The blocked job can never run: this input failed, was cancelled, or cannot run itself.
struct JobDoomed {
  JobIndex job{};
  JobIndex input{};
};

// The blocked job may run after all: its inputs were submitted anew.
struct JobRevived {
  JobIndex job{};
};

struct AttemptBegan {
  JobIndex job{};
  std::uint32_t number = 0;
};

// The queued job crashed and waits until then before it is tried again; 0: it waits no longer.
struct JobRests {
  JobIndex job{};
  Millis until = 0;
};

// A rank other than 0 ended well: its worker is free, the attempt goes on.
struct RankDone {
  JobIndex job{};
  std::uint32_t number = 0;
  std::uint32_t rank = 0;
};

enum class AttemptEnd : std::uint8_t { succeeded, failed, crashed, lost, preempted, cancelled, timed_out };

struct AttemptEnded {
  JobIndex job{};
  std::uint32_t number = 0;
  AttemptEnd end{};
  bool final = false;  // the job failed with it: no more tries
};

enum class Verdict : std::uint8_t {
  recorded,   // counts: keep what came with it
  duplicate,  // was counted before; say yes again
  stale       // the fence is past: say no
};

// The answer to AttemptFinished.
struct Decision {
  WorkerIndex worker{};
  AttemptId attempt;
  Verdict verdict{};
  Reason reason{};  // why stale
};

struct StudyChanged {
  StudyIndex study{};
  StudyState state{};
};

// Connected, disconnected, or whether and why it is given work.
struct WorkerChanged {
  WorkerIndex worker{};
};

// Connected but silent for a lease: its connection is dead.
struct WorkerSilent {
  WorkerIndex worker{};
};

using Effect = std::variant<Assign, CancelAttempt, JobChanged, JobDoomed, JobRevived, AttemptBegan, AttemptEnded,
                            Decision, StudyChanged, WorkerChanged, WorkerSilent, JobRests, RankDone>;
using Effects = std::vector<Effect>;

}  // namespace checkerlab::coordinator::scheduler
