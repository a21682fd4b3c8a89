// Everything that can happen to the scheduler. Plain values; time comes in only through Tick and Restored.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "coordinator/scheduler/ids.hpp"

namespace checkerlab::coordinator::scheduler {

// One attempt as workers name it.
struct AttemptId {
  Key key{};
  std::uint32_t number = 0;
};

using Labels = std::map<std::string, std::string>;

// What a job asks of the worker that runs it. Nothing by default.
struct Placement {
  Labels labels;                   // the worker has to state them all
  std::uint64_t memory_bytes = 0;  // of the worker's device, while the job is there
  Millis time_limit = 0;           // since the attempt began; 0: none
  std::uint32_t least_ranks = 1;   // workers that do it together, all or none
  std::uint32_t most_ranks = 1;    // above 1: a gang (gangs.hpp)

  bool operator==(const Placement&) const = default;
};

struct NewJob {
  Key key{};
  std::string kind;
  std::int16_t priority = 0;  // of kinds within a study: larger runs first
  bool prefetch = true;       // may wait at a worker for a free slot
  std::vector<Key> inputs;    // each stands before this job in the list, or is known already
  Placement placement;
};

// How a study stands to others.
struct StudyOrder {
  std::int16_t priority = 0;  // larger runs first, before anything else is looked at
  Millis deadline = kNever;   // one that is near goes before its equals
  std::string owner;          // users share alike, whatever the number of their studies
};

// Jobs a study needs. Known keys are shared; those that had failed or were cancelled start afresh.
struct JobsSubmitted {
  std::string study;
  std::vector<NewJob> jobs;
  std::optional<StudyOrder> order = std::nullopt;  // nothing: as it was
  std::optional<std::string> code = std::nullopt;  // pin to this code version, empty: to none; nothing: as it was
};

// The study needs these jobs from now on and no others. Those that leave it are cancelled unless another study needs
// them. Those that join start, and so do those that were cancelled; what failed in it before stays failed unless one of
// these needs it. Reopens a cancelled study.
struct StudyRevised {
  std::string study;
  std::vector<NewJob> jobs;
  std::optional<StudyOrder> order = std::nullopt;  // as in JobsSubmitted
  std::optional<std::string> code = std::nullopt;
};

// Jobs of the study that failed or were cancelled start afresh, and with them the inputs for which they wait in vain.
// Others of the list are left alone. Reopens a cancelled study.
struct JobsRerun {
  std::string study;
  std::vector<Key> jobs;
};

// No new attempt of jobs that only paused studies want, until they are resumed. Attempts that have not started yet are
// taken back, running ones only with `stop_running`; neither costs a try. Nothing happens to a study that is over.
struct StudyPaused {
  std::string study;
  bool paused = true;
  bool stop_running = false;
};

struct StudyReordered {
  std::string study;
  StudyOrder order;
};

struct StudyCancelled {
  std::string study;
};

// A worker (re)connects and says which attempts it still has; attempts that it no longer has are lost.
struct WorkerConnected {
  std::string worker;
  std::uint32_t slots = 1;
  std::uint32_t prefetch = 0;
  std::vector<std::string> kinds;
  std::vector<AttemptId> held;
  std::string name = {};  // what people call it; several workers may have the same
  Labels labels = {};
  std::uint64_t memory_bytes = 0;  // of its device; 0: not stated
  std::string code = {};           // its code version
};

// Its attempts go on until their leases end.
struct WorkerDisconnected {
  std::string worker;
};

// No more work for this worker.
struct WorkerDraining {
  std::string worker;
};

// No new work for workers of this name or id, now and later, until it is lifted. Lifting ends a quarantine too.
struct Cordoned {
  std::string worker;  // name or id
  bool cordoned = true;
};

// Renews the leases of these attempts.
struct Heartbeat {
  std::string worker;
  std::vector<AttemptId> attempts;
};

struct AttemptStarted {
  std::string worker;
  AttemptId attempt;
};

enum class Outcome : std::uint8_t {
  succeeded,
  failed,     // the work itself cannot be done: never retried
  crashed,    // may succeed elsewhere: retried
  preempted,  // given back by the worker: queued again at no cost
  lost        // those who did it with this worker are gone: nobody's fault that is here
};

struct AttemptFinished {
  std::string worker;
  AttemptId attempt;
  Outcome outcome = Outcome::succeeded;
};

// The result of this job is known without an attempt here.
struct ResultRecorded {
  Key key{};
};

struct Tick {
  Millis now = 0;
};

// Stops or resumes handing out work.
struct Paused {
  bool paused = true;
};

// One of the workers that did an attempt together.
struct RestoredRank {
  std::string worker;
  bool done = false;  // its part had ended well
};

struct RestoredJob {
  NewJob job;  // its inputs by key, or in Restored::inputs
  JobState state = JobState::blocked;
  std::uint32_t attempt = 0;  // number of the last one
  std::uint32_t tries = 0;
  std::string worker;    // who runs it, when running
  bool started = false;  // whether that attempt had begun
  std::uint32_t losses = 0;
  std::uint32_t preemptions = 0;
  Millis rest = 0;                       // how much of a back-off is left, when queued
  Millis ran_for = 0;                    // time since the attempt began
  std::vector<RestoredRank> ranks = {};  // in their order, when several run it; `worker` is the first
  std::uint32_t done_before = 0;         // how many of Restored::done stand before it
};

// A job that has its result: all that will ever be asked of it.
struct RestoredDone {
  Key key{};
  std::uint32_t kind = 0;  // in Restored::kinds
  std::uint32_t attempt = 0;
  std::uint16_t preemptions = 0;
  std::uint8_t tries = 0;
  std::uint8_t losses = 0;
};

struct RestoredInput {
  JobIndex job{};
  JobIndex input{};
};

struct RestoredStudy {
  std::string study;
  StudyState state = StudyState::queued;
  std::vector<JobIndex> jobs;
  StudyOrder order = {};
  bool paused = false;
  std::string code = {};  // pinned to this code version; empty: to none
};

struct RestoredWorker {
  std::string worker;
  std::string name;
  bool draining = false;
  Millis quarantine = 0;          // how much of it is left; 0: not in quarantine
  std::uint32_t quarantines = 0;  // in a row
};

// The state as a database remembers it; only for a fresh State. Running attempts get a lease from `now`. Jobs are
// numbered in the order in which `jobs` and `done` stand together; inputs come before those who need them.
struct Restored {
  Millis now = 0;
  std::vector<RestoredJob> jobs;
  std::vector<RestoredStudy> studies;
  std::vector<RestoredWorker> workers = {};
  std::vector<std::string> cordons = {};
  std::vector<RestoredDone> done = {};
  std::vector<std::string> kinds = {};     // of those that are done
  std::vector<RestoredInput> inputs = {};  // in the order of their jobs
};

using Event = std::variant<JobsSubmitted, StudyRevised, JobsRerun, StudyPaused, StudyCancelled, WorkerConnected,
                           WorkerDisconnected, WorkerDraining, Cordoned, StudyReordered, Heartbeat, AttemptStarted,
                           AttemptFinished, ResultRecorded, Tick, Paused, Restored>;

}  // namespace checkerlab::coordinator::scheduler
