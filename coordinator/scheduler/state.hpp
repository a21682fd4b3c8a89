// The scheduler's whole memory. Plain data: only on_event (scheduler.hpp) changes it, everyone may read it on the same
// thread.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "coordinator/scheduler/events.hpp"
#include "coordinator/scheduler/key_table.hpp"
#include "coordinator/scheduler/ready_queue.hpp"

namespace checkerlab::coordinator::scheduler {

struct Limits {
  Millis lease = 15'000;
  std::uint32_t max_tries = 3;
  std::uint32_t max_losses = 20;  // many workers went under a job: it may be what kills them
  Millis first_rest = 2'000;      // after a crash; doubled with each
  Millis longest_rest = 300'000;
  std::uint32_t quarantine_after = 5;  // crashes of different jobs with no attempt between them that ended well
  Millis crash_window = 600'000;       // older crashes of a worker are forgotten
  Millis first_quarantine = 60'000;    // doubled with each in a row
  Millis longest_quarantine = 3'600'000;
  Millis urgent_before = 86'400'000;  // a study is urgent from so long before its deadline
  std::uint32_t most_overtaken = 16;  // jobs that may go before one that waits for memory at a worker, or for workers
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
  std::uint32_t active_studies = 0;       // that are not paused either
  CodeIndex code = kAnyCode;              // all active ones are pinned to it; or to none, or several
  std::uint32_t attempt = 0;              // number of the last attempt: the fence
  WorkerIndex worker = kNoWorker;         // while running
  std::uint32_t hold_place = 0;           // where its last hold was put among the worker's: see find_hold
  WorkerIndex crashed_at = kNoWorker;     // where its last attempt that crashed was
  ShapeIndex shape{};
  KindIndex kind{};
  std::int16_t priority = 0;
  std::uint16_t preemptions = 0;
  std::uint8_t tries = 0;   // attempts that crashed
  std::uint8_t losses = 0;  // attempts that had begun and went with their worker
  JobState state = JobState::blocked;
  bool resting = false;  // queued, but not before its time in State::rests
};

template <class Index>
struct Link {
  Index item{};
  std::uint32_t next = kEndOfList;
};

// How much of the slots somebody had: slot-milliseconds, also of what runs now.
struct Share {
  Millis past = 0;
  std::uint32_t running = 0;
  Millis since = 0;  // sum of the times at which the running ones began

  Millis used(Millis now) const { return past + static_cast<Millis>(running) * now - since; }
};

struct User {
  std::string name;
  Share share;
};

struct Study {
  std::string id;
  StudyOrder order;
  UserIndex owner{};
  Share share;
  bool listed = false;  // in State::active_studies
  std::vector<JobIndex> jobs;
  std::uint32_t open = 0;       // jobs that run or may still run
  std::uint32_t succeeded = 0;  // jobs that have a result
  StudyState state = StudyState::queued;
  bool paused = false;
  CodeIndex pin = kAnyCode;  // its jobs go to workers of this code version
};

inline constexpr StudyIndex kNoStudy{0xffff'ffff};

// An attempt that occupies a worker: the present one of its job, or one that was cancelled and has not gone yet.
struct Hold {
  JobIndex job{};
  std::uint32_t number = 0;
  Millis lease_until = 0;
  bool started = false;
  bool cancelling = false;
  Millis begun_at = 0;  // handed over
  Millis started_at = 0;
  StudyIndex study = kNoStudy;  // whose share it comes from
  std::uint64_t memory_bytes = 0;
  std::uint32_t rank = 0;  // in the gang; 0 is its leader, or alone
};

// The workers of a running attempt that several do together, by rank. Those that are done have no hold any more.
struct Gang {
  std::vector<WorkerIndex> workers;
};

// Workers of this code version that suit the gangs of this lane are kept free for the first of them.
struct Reservation {
  ShapeIndex shape{};
  StudyIndex study{};
  CodeIndex code{};
};

inline constexpr std::uint32_t kNotOpen = 0xffff'ffff;

// A job whose attempt crashed at a worker.
struct Crash {
  JobIndex job{};
  Millis at = 0;
};

// The inputs of the jobs that a worker was given lately: what it has in its cache, or warm. Forgets by collision.
class Recent {
 public:
  void add(JobIndex job) { jobs_[at(job) % kPlaces] = static_cast<std::uint32_t>(at(job)) + 1; }
  bool contains(JobIndex job) const { return jobs_[at(job) % kPlaces] == at(job) + 1; }

 private:
  static constexpr std::size_t kPlaces = 256;
  std::array<std::uint32_t, kPlaces> jobs_{};
};

struct Worker {
  std::string id;
  std::string name;
  Labels labels;
  bool connected = false;
  bool draining = false;
  bool cordoned = false;
  bool probing = false;           // after a quarantine: one job at a time until one ends well
  Millis quarantined_until = 0;   // 0: not in quarantine
  std::uint32_t quarantines = 0;  // in a row
  std::vector<Crash> crashes;     // of different jobs, since an attempt ended well; at most Limits::quarantine_after
  std::uint64_t memory_bytes = 0;
  std::uint64_t memory_used = 0;   // by what it holds
  std::uint32_t overtaken = 0;     // times in a row that a job waited for memory here and another went before it
  std::vector<ShapeIndex> shapes;  // of the jobs that it can run
  Recent recent;
  std::uint32_t slots = 0;
  std::uint32_t prefetch = 0;
  std::uint32_t open_position = kNotOpen;  // in State::open_workers
  Millis heard_at = 0;
  std::vector<KindIndex> kinds;
  CodeIndex code = kAnyCode;
  std::vector<Hold> holds;

  bool has_slot() const { return holds.size() < (probing ? 1 : slots); }
  bool has_room() const { return holds.size() < (probing ? 1 : std::size_t{slots} + prefetch); }
  bool may_work() const { return connected && !draining && !cordoned && quarantined_until == 0; }
  std::uint64_t memory_left() const { return memory_bytes > memory_used ? memory_bytes - memory_used : 0; }
};

// What jobs ask of a worker.
struct Shape {
  KindIndex kind{};
  Placement placement;
  std::uint32_t ready = 0;                    // jobs for which is_ready
  std::map<CodeIndex, std::uint32_t> pinned;  // of those: to run on this code version only
};

struct Kind {
  std::string name;
  bool prefetch = true;
  std::array<std::uint32_t, 6> jobs{};  // by state
  std::uint32_t doomed = 0;             // of the blocked ones
  std::uint32_t resting = 0;            // of the queued ones
  std::vector<ShapeIndex> shapes;       // of this kind
};

struct State {
  Limits limits;
  Millis now = 0;
  bool paused = false;
  std::size_t ready_count = 0;    // jobs for which is_ready
  std::size_t running_count = 0;  // jobs in state running

  std::vector<Job> jobs;
  std::vector<JobIndex> inputs;
  std::vector<Link<JobIndex>> dependent_links;
  std::vector<Link<StudyIndex>> study_links;
  std::vector<Study> studies;
  std::vector<Worker> workers;
  std::vector<Kind> kinds;
  std::vector<Shape> shapes;
  std::vector<User> users;
  std::vector<std::string> codes;
  std::vector<WorkerIndex> open_workers;        // that may work and have room
  std::vector<StudyIndex> active_studies;       // all that have ready or running jobs, and some that had
  std::set<std::pair<Millis, JobIndex>> rests;  // when a resting job may be tried again
  std::set<std::string> cordons;                // names and ids of workers
  ReadyQueue ready;
  std::vector<ShapeIndex> gang_shapes;       // of jobs that several workers may do together
  std::unordered_map<JobIndex, Gang> gangs;  // of running attempts with more than one rank
  // How often in a row another job went past the gang that is next in its lane; at most Limits::most_overtaken.
  std::map<std::pair<ShapeIndex, StudyIndex>, std::uint32_t> passed;
  std::optional<Reservation> reservation;  // for a gang that was passed so often

  KeyTable job_by_key;
  std::unordered_map<std::string, StudyIndex> study_by_id;
  std::unordered_map<std::string, WorkerIndex> worker_by_id;
  std::unordered_map<std::string, KindIndex> kind_by_name;
  std::unordered_map<std::string, CodeIndex> code_by_name;
  std::unordered_map<std::string, UserIndex> user_by_name;

  Job& job(JobIndex index) { return jobs[at(index)]; }
  const Job& job(JobIndex index) const { return jobs[at(index)]; }
  Worker& worker(WorkerIndex index) { return workers[at(index)]; }
  const Worker& worker(WorkerIndex index) const { return workers[at(index)]; }
  Study& study(StudyIndex index) { return studies[at(index)]; }
  const Study& study(StudyIndex index) const { return studies[at(index)]; }

  // When a resting job may be tried again; 0 when it does not rest. O(resting jobs).
  Millis rests_until(JobIndex job) const;
  std::optional<JobIndex> find_job(const Key& key) const;
  std::optional<StudyIndex> find_study(const std::string& id) const;
  std::optional<WorkerIndex> find_worker(const std::string& id) const;
  WorkerIndex intern_worker(const std::string& id);
  StudyIndex intern_study(const std::string& id);
  KindIndex intern_kind(const std::string& name);
  UserIndex intern_user(const std::string& name);
  // kAnyCode for no name.
  CodeIndex intern_code(const std::string& name);
};

inline bool is_gang(const Shape& shape) {
  return shape.placement.most_ranks > 1;
}

// Could be given to a worker now: a study wants it that is not paused.
inline bool is_ready(const Job& job) {
  return job.state == JobState::queued && !job.resting && job.active_studies > 0;
}
// Whether an entry for this job in a lane of this shape still counts.
inline bool counts_in(ShapeIndex shape, const Job& job) {
  return job.state == JobState::queued && !job.resting && job.shape == shape;
}
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
