// The coordinator: glue between the pure scheduler, the store, the workers' connections and whoever watches.
//
// Confined to one thread: every member is called on it, and every callback (Done, EventSink, WorkerLink) is called on
// it, never from inside the call that caused it except WorkerLink::send. `post` hands a function to that thread and is
// the only thing other threads touch. Reads are not here: see store/read_models.hpp, which any thread may use.
//
// Promise: a Done without error, an acknowledgement and an event are given only after the change is on disk. When the
// disk refuses (full, I/O error), every change that waits gets Error(disk_full or io_error), the state in memory is
// rebuilt from the disk and the workers are told to reconnect; nothing was acknowledged, so they send it again.
#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "coordinator/metrics/service_metrics.hpp"
#include "coordinator/scheduler/scheduler.hpp"
#include "coordinator/service/server_event.hpp"
#include "coordinator/service/study_changes.hpp"
#include "coordinator/service/worker_link.hpp"
#include "coordinator/store/store.hpp"
#include "rpc/messages.hpp"
#include "sweeps/plan.hpp"

namespace checkerlab::coordinator {

struct CoordinatorOptions {
  std::chrono::milliseconds lease{15'000};
  std::chrono::milliseconds heartbeat{5'000};
  int max_tries = 3;                           // how often a job may crash before it counts as failed
  int max_losses = 20;                         // how often it may be lost with its worker
  std::int64_t log_lines_per_attempt = 2'000;  // older lines are dropped
  std::int64_t events_kept = 20'000;           // for Last-Event-ID
  // The state machine that decides; the simulator puts broken ones in its place.
  std::function<void(scheduler::State&, const scheduler::Event&, scheduler::Effects&)> scheduler = scheduler::on_event;
};

// How a study stands to others, as people say it. What is not given stays as it is.
struct OrderChange {
  std::optional<int> priority;                          // -100…100; larger runs first
  std::optional<std::optional<std::int64_t>> deadline;  // milliseconds since 1970 UTC, or none
  std::optional<std::string> owner;

  bool empty() const { return !priority && !deadline && !owner; }
};

// What a person submitted, already validated and planned.
struct StudySubmission {
  std::string name;
  std::string title;
  std::string definition;  // the text as submitted
  std::string filename;
  std::vector<std::string> overrides;
  sweeps::Plan plan;
  nlohmann::json search;  // of a study that searches for guidance, as sweeps::search_document makes it; else null
  std::string code = {};  // code version of the workers that may run it; empty: any
  nlohmann::json given = {{"dataset", nullptr}, {"files", nlohmann::json::array()}};  // as submitted
  std::string submitted_by = {};                                                      // empty: not known
  OrderChange order = {};
};

struct SubmitOutcome {
  std::string study_id;
  bool created =
      false;  // false: the same study was there (jobs of it that had failed or were cancelled are queued again)
  std::int64_t jobs_total = 0;
  std::int64_t jobs_new = 0;   // keys that nobody had submitted before
  std::int64_t jobs_done = 0;  // keys whose result was already known
};

class Coordinator {
 public:
  using Post = std::function<void(std::function<void()>)>;
  using EventSink = std::function<void(const ServerEvent&)>;
  // True when the artifact's bytes are stored and verified. Called on the coordinator's thread; must be quick.
  using ArtifactExists = std::function<bool(const std::string& sha256)>;
  // error is null exactly when value is valid: the signature of an Asio completion handler.
  template <class T>
  using Done = std::function<void(std::exception_ptr error, T value)>;

  // `store` and `clock` outlive the coordinator. Call load() before anything else.
  Coordinator(Store& store, const Clock& clock, Post post, ArtifactExists artifact_exists, EventSink sink,
              CoordinatorOptions options = {});
  // Waits for the writes under way; callbacks still posted afterwards do nothing.
  ~Coordinator();

  // Reads the state from the store (blocks; once, at start). Attempts that ran are expected back within a lease.
  void load();

  // ---- people ----
  // Idempotent: the same name and the same set of keys is the same study.
  void submit_study(StudySubmission submission, Done<SubmitOutcome> done);
  // By id or name (the latest of that name). Gives the id. Error(not_found) when there is none. A finished study stays
  // so.
  void cancel_study(const std::string& id_or_name, Done<std::string> done);
  // The study takes this definition: what it has and the definition has not leaves it, what is new joins it; results
  // stay. Error(conflict) when the definition names another study, or `based_on` is not the study's present revision.
  void revise_study(const std::string& id_or_name, StudySubmission submission, std::optional<std::int64_t> based_on,
                    Done<ReviseOutcome> done);
  // Error(not_found) when a named job is not the study's.
  void rerun_jobs(const std::string& id_or_name, RerunRequest request, Done<RerunOutcome> done);
  // Or resume. Error(conflict) when the study is over.
  void pause_study(const std::string& id_or_name, PauseRequest request, Done<PauseOutcome> done);
  // Or take out of the archive. Gives the id. Error(conflict) when the study is not over.
  void archive_study(const std::string& id_or_name, bool archived, Done<std::string> done);
  // Priority and deadline of a study from now on. Gives the id. Error(not_found).
  void order_study(const std::string& id_or_name, OrderChange change, Done<std::string> done);
  // Why the job is where it is, as the schema Why of the API. Error(not_found) for an unknown key, invalid_argument for
  // what is none.
  nlohmann::json why(const std::string& key) const;

  // ---- workers ----
  SessionId session_opened(std::shared_ptr<WorkerLink> link, WorkerCredential credential = {});
  // The messages of one frame, in order (rpc::decode_worker_frame). The first must be Hello.
  void session_messages(SessionId session, std::span<const rpc::WorkerMessage> messages);
  void session_closed(SessionId session);
  // The numbers of the jobs that workers connected with this token hold attempts at.
  std::vector<std::int64_t> held_jobs(const std::string& token) const;
  // By id, or by name: all connected workers of that name. They take nothing new, end what they have, and their
  // processes end. Gives their ids. Error(not_found) when no such worker is connected.
  void drain_worker(const std::string& id_or_name, Done<std::vector<std::string>> done);
  // No new work for the worker of this id, or for workers of this name, also for those that come later; lifting it ends
  // a quarantine too. Gives the ids of the known ones. Error(not_found) when nobody is or was called so.
  void cordon_worker(const std::string& id_or_name, bool cordoned, Done<std::vector<std::string>> done);

  // ---- time ----
  // To be called about once a second (more often does no harm): expires leases, flushes coalesced progress.
  void tick();
  // Stops assigning, tells the workers nothing (they reconnect to the next process) and calls `done` when all is on
  // disk.
  void shutdown(std::function<void()> done);

  // For /metrics.
  struct Gauges {
    std::size_t jobs_ready = 0;
    std::size_t attempts_running = 0;
    std::size_t workers_online = 0;
  };
  Gauges gauges() const;
  // For tests: what the scheduler knows, ahead of the disk by the changes that wait; null while the state has to be
  // read from the disk again. Valid until the next call.
  const scheduler::State* state() const;

  // The jobs of one kind: by state, and why those that wait do.
  struct KindCensus {
    std::string kind;
    std::map<std::string, std::size_t> by_state;   // every state, also with 0
    std::map<std::string, std::size_t> by_reason;  // inputs, failed_input, retry, paused, stopping, no_worker,
                                                   // workers_busy, next
  };
  std::vector<KindCensus> census() const;
  // False while the database cannot be used.
  bool loaded() const;
  const ServiceMetrics& metrics() const;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace checkerlab::coordinator
