// The scheduler's whole memory. Plain data: only on_event (scheduler.hpp) changes it, everyone may read it on the same
// thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "coordinator/scheduler/events.hpp"
#include "coordinator/scheduler/ready_queue.hpp"

namespace checkerlab::coordinator::scheduler {

struct Limits {
  Millis lease = 15'000;
  std::uint32_t max_tries = 3;
};

inline constexpr std::uint32_t kEndOfList = 0xffff'ffff;

struct Job {
  Key key{};
  std::uint32_t first_input = 0;  // into State::inputs
  std::uint32_t input_count = 0;
  std::uint32_t dependents = kEndOfList;  // list in State::dependent_links
  std::uint32_t studies = kEndOfList;     // list in State::study_links
  std::uint32_t missing_inputs = 0;       // not succeeded
  std::uint32_t bad_inputs = 0;           // can never succeed as things stand
  std::uint32_t live_studies = 0;         // that were not cancelled
  std::uint32_t attempt = 0;              // number of the last attempt: the fence
  WorkerIndex worker = kNoWorker;         // while running
  KindIndex kind{};
  std::int16_t priority = 0;
  std::uint8_t tries = 0;  // attempts used up by crashes and losses
  JobState state = JobState::blocked;
  bool in_queue = false;  // has an entry in the ready queue
};

template <class Index>
struct Link {
  Index item{};
  std::uint32_t next = kEndOfList;
};

struct Study {
  std::string id;
  std::vector<JobIndex> jobs;
  std::uint32_t open = 0;       // jobs that run or may still run
  std::uint32_t succeeded = 0;  // jobs that have a result
  StudyState state = StudyState::queued;
};

// An attempt that occupies a worker: the present one of its job, or one that was cancelled and has not gone yet.
struct Hold {
  JobIndex job{};
  std::uint32_t number = 0;
  Millis lease_until = 0;
  bool started = false;
  bool cancelling = false;
};

inline constexpr std::uint32_t kNotOpen = 0xffff'ffff;

struct Worker {
  std::string id;
  bool connected = false;
  bool draining = false;
  std::uint32_t slots = 0;
  std::uint32_t prefetch = 0;
  std::uint32_t open_position = kNotOpen;  // in State::open_workers
  Millis heard_at = 0;
  std::vector<KindIndex> kinds;
  std::vector<Hold> holds;

  bool has_slot() const { return holds.size() < slots; }
  bool has_room() const { return holds.size() < std::size_t{slots} + prefetch; }
};

struct Kind {
  std::string name;
  bool prefetch = true;
  std::array<std::uint32_t, 6> jobs{};  // by state
  std::uint32_t doomed = 0;             // of the blocked ones
};

struct State {
  Limits limits;
  Millis now = 0;
  bool paused = false;
  std::size_t ready_count = 0;    // jobs in state queued
  std::size_t running_count = 0;  // jobs in state running

  std::vector<Job> jobs;
  std::vector<JobIndex> inputs;
  std::vector<Link<JobIndex>> dependent_links;
  std::vector<Link<StudyIndex>> study_links;
  std::vector<Study> studies;
  std::vector<Worker> workers;
  std::vector<Kind> kinds;
  std::vector<WorkerIndex> open_workers;  // connected, not draining, with room
  ReadyQueue ready;

  std::unordered_map<Key, JobIndex, KeyHash> job_by_key;
  std::unordered_map<std::string, StudyIndex> study_by_id;
  std::unordered_map<std::string, WorkerIndex> worker_by_id;
  std::unordered_map<std::string, KindIndex> kind_by_name;

  Job& job(JobIndex index) { return jobs[at(index)]; }
  const Job& job(JobIndex index) const { return jobs[at(index)]; }
  Worker& worker(WorkerIndex index) { return workers[at(index)]; }
  const Worker& worker(WorkerIndex index) const { return workers[at(index)]; }
  Study& study(StudyIndex index) { return studies[at(index)]; }
  const Study& study(StudyIndex index) const { return studies[at(index)]; }

  std::optional<JobIndex> find_job(const Key& key) const;
  std::optional<StudyIndex> find_study(const std::string& id) const;
  std::optional<WorkerIndex> find_worker(const std::string& id) const;
  WorkerIndex intern_worker(const std::string& id);
  StudyIndex intern_study(const std::string& id);
  KindIndex intern_kind(const std::string& name);
};

// Blocked by an input that can never succeed.
inline bool is_doomed(const Job& job) {
  return job.state == JobState::blocked && job.bad_inputs > 0;
}
// As things stand, those who need this job's result wait in vain.
inline bool is_bad(const Job& job) {
  return job.state == JobState::failed || job.state == JobState::cancelled || is_doomed(job);
}
// Runs or may still run.
inline bool is_open(const Job& job) {
  return job.state != JobState::succeeded && !is_bad(job);
}

}  // namespace checkerlab::coordinator::scheduler
