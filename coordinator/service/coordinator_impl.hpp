// The coordinator's inside; see coordinator.hpp for what it promises. Confined to the coordinator's thread.
//
// Every entry point has the same shape: make a Change, apply events to the scheduler (which adds to the change), commit
// it. What comes after the commit is in `committed`.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>

#include "base/error.hpp"
#include "base/token_bucket.hpp"
#include "coordinator/scheduler/scheduler.hpp"
#include "coordinator/service/change.hpp"
#include "coordinator/service/coordinator.hpp"
#include "coordinator/service/gangs.hpp"
#include "coordinator/store/revision_rows.hpp"
#include "coordinator/store/study_rows.hpp"
#include "sweeps/search/next_points.hpp"

namespace checkerlab::coordinator {

inline std::int64_t number_of(scheduler::JobIndex index) {
  return static_cast<std::int64_t>(scheduler::at(index)) + 1;
}
inline std::int64_t number_of(scheduler::StudyIndex index) {
  return static_cast<std::int64_t>(scheduler::at(index)) + 1;
}

class Coordinator::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(Store& store, const Clock& clock, Post post, ArtifactExists artifact_exists, EventSink sink,
       CoordinatorOptions options);

  void load();
  void submit(StudySubmission submission, Done<SubmitOutcome> done);
  void cancel(const std::string& id_or_name, Done<std::string> done);
  void revise_study(const std::string& id_or_name, StudySubmission submission, std::optional<std::int64_t> based_on,
                    Done<ReviseOutcome> done);
  void rerun(const std::string& id_or_name, const RerunRequest& request, Done<RerunOutcome> done);
  void pause(const std::string& id_or_name, const PauseRequest& request, Done<PauseOutcome> done);
  void archive(const std::string& id_or_name, bool archived, Done<std::string> done);
  SessionId open(std::shared_ptr<WorkerLink> link, WorkerCredential credential);
  std::vector<std::int64_t> held_jobs(const std::string& token) const;
  void receive(SessionId session, std::span<const rpc::WorkerMessage> messages);
  void close(SessionId session);
  void drain(const std::string& id_or_name, Done<std::vector<std::string>> done);
  void cordon(const std::string& id_or_name, bool cordoned, Done<std::vector<std::string>> done);
  void order(const std::string& id_or_name, const OrderChange& asked, Done<std::string> done);
  Json why(const std::string& key) const;
  void tick();
  void shutdown(std::function<void()> done);
  Gauges gauges() const;
  const scheduler::State* state() const { return loaded_ ? &state_ : nullptr; }
  std::vector<KindCensus> census() const;
  bool loaded() const { return loaded_; }
  const ServiceMetrics& metrics() const { return metrics_; }
  Store& store() { return store_; }

 private:
  struct Session {
    std::shared_ptr<WorkerLink> link;
    std::string worker;  // id; empty before Hello
    std::string version;
    WorkerCredential credential;
  };
  // All changes since the last load; after one failed, none of them may reach the disk.
  struct Epoch {
    std::atomic<bool> failed = false;
  };
  // What a worker said about the attempt that an event is about.
  struct Report {
    const rpc::AttemptFinished* message = nullptr;
    Json error;  // null unless it failed
    std::string worker;
    std::string version;
  };
  struct Progress {
    Json latest;
    std::uint32_t number = 0;
    scheduler::Millis written_at = 0;
    bool pending = false;
  };

  // ---- commit.cpp ----
  void apply(const scheduler::Event& event, Change& change) { apply(event, change, Report{}); }
  void apply(const scheduler::Event& event, Change& change, const Report& report);
  void commit(Change change);
  // Events about single jobs; about their studies when they are too many: nobody looks at thousands a second one by
  // one, and writing them out would cost more than running them.
  void limit_job_events(DiskPart& disk);
  void tell_crowd(std::int64_t study, DiskPart& disk) const;
  // What was put off: counts of studies, workers' jobs, studies of which many jobs changed.
  void tell_the_rest(Change& change);
  void committed(DiskPart& disk, Aftermath& aftermath, const std::shared_ptr<Epoch>& epoch, std::exception_ptr error);
  void recover();
  void require_loaded() const;
  scheduler::Millis steady_ms() const;
  std::int64_t utc_ms() const;
  template <class T>
  void fail(Done<T> done, std::exception_ptr error) {
    post_([done = std::move(done), error] { done(error, T{}); });
  }

  // From when the attempt was given out until it began, or was said to have ended well.
  void note_dispatched(scheduler::JobIndex job, std::int64_t now);

  // ---- effects.cpp: what the scheduler wants, as rows and messages ----
  struct EffectWriter;

  // ---- studies.cpp ----
  SubmitOutcome add_study(const std::shared_ptr<StudySubmission>& submission, Change& change);
  scheduler::StudyIndex resolve_study(const std::string& id_or_name) const;

  // ---- revisions.cpp: which study a submission is, and studies that take another definition ----
  void load_versions();
  void remember_version(scheduler::StudyIndex study, StudyVersion version);
  std::optional<scheduler::StudyIndex> study_of_fingerprint(const std::string& fingerprint) const;
  // The fingerprint, unless a study that has moved on since has it as its id.
  std::string unused_study_id(const std::string& fingerprint) const;
  const std::string& name_of_study(scheduler::StudyIndex study) const { return versions_.at(at(study)).name; }
  ReviseOutcome revise(scheduler::StudyIndex study, const std::shared_ptr<StudySubmission>& submission, Change& change);

  // ---- steering.cpp: again, a rest, the archive ----
  RerunOutcome rerun_in(scheduler::StudyIndex study, const RerunRequest& request, Change& change);
  PauseOutcome pause_in(scheduler::StudyIndex study, const PauseRequest& request, Change& change);
  // Looks the study up, lets `make(study, change)` change it and tells `done` what that gave once it is on disk.
  template <class T, class Make>
  void change_study(const std::string& id_or_name, Done<T> done, Make&& make) {
    try {
      require_loaded();
      Change change;
      const T outcome = make(resolve_study(id_or_name), change);
      change.aftermath.callbacks.push_back(
          [done, outcome](std::exception_ptr error) { done(error, error ? T{} : outcome); });
      commit(std::move(change));
    } catch (const Error&) {
      fail(std::move(done), std::current_exception());
    }
  }

  // ---- ordering.cpp ----
  // The study's order with what was asked for; of a study that is new, from the defaults.
  scheduler::StudyOrder order_with(std::optional<scheduler::StudyIndex> study, const OrderChange& asked) const;
  StudyOrderRow order_row(const scheduler::StudyOrder& order) const;

  // ---- holding_back.cpp ----
  // Workers of this id or name, connected or not.
  std::vector<scheduler::WorkerIndex> workers_called(const std::string& id_or_name) const;

  // ---- searching.cpp: studies that grow while their scores arrive ----
  // A study that searches for guidance.
  struct Search {
    std::shared_ptr<const sweeps::SearchSubject> subject;
    std::unordered_map<scheduler::JobIndex, sweeps::CurvePlace> places;  // of its score jobs
  };
  void load_all_searches();
  void begin_search(scheduler::StudyIndex study, const Json& document);
  // Lets every curve of a search have what it wants by now.
  void grow_all(scheduler::StudyIndex study, Change& change);
  void grow(scheduler::StudyIndex study, const sweeps::CurvePlace& place, Change& change);
  // A score of these jobs has come or can never come.
  void grow_after(const std::vector<scheduler::JobIndex>& jobs, Change& change);
  // Adds the jobs of the study that are not among `jobs`.
  void add_grown_jobs(scheduler::StudyIndex study, std::vector<scheduler::NewJob>& jobs) const;
  std::optional<sweeps::ScoreOutcome> score_for(scheduler::StudyIndex study, const JobKey& key) const;

  // ---- sessions.cpp ----
  void send(SessionId session, const rpc::CoordinatorMessage& message);
  void drop_session(SessionId session, const std::string& reason);
  void reject(SessionId session, const Error& error);
  void on_message(SessionId id, const rpc::WorkerMessage& message, Change& change);
  void on_hello(SessionId id, const rpc::Hello& hello, Change& change);
  void on_finished(const Session& session, const rpc::AttemptFinished& message, Change& change);

  // ---- gangs.cpp ----
  // After a start: of what goes on only the workers are known.
  void recall_gangs();
  void on_listening(const Session& session, const rpc::GangListening& message);
  void tell_addresses(SessionId id, const std::string& worker, Change& change);
  // Says in the error which rank had it.
  void name_rank(const Session& session, const rpc::AttemptRef& attempt, Json& error) const;

  // ---- telemetry.cpp ----
  // The job of a message about its present attempt at this worker, or none.
  std::optional<scheduler::JobIndex> present_job(const Session& session, const rpc::AttemptRef& attempt) const;
  void on_started(const Session& session, const rpc::AttemptStarted& message, Change& change);
  void on_progress(const Session& session, const rpc::Progress& message, Change& change);
  void on_curve(const Session& session, const rpc::Curve& message, Change& change);
  void on_log(const Session& session, const rpc::Log& message, Change& change);
  void on_checkpoint(const Session& session, const rpc::Checkpoint& message, Change& change);
  void write_progress(scheduler::JobIndex job, Progress& progress, Change& change);
  void flush_progress(Change& change);

  Store& store_;
  const Clock& clock_;
  Post post_;
  ArtifactExists artifact_exists_;
  EventSink sink_;
  CoordinatorOptions options_;
  ServiceMetrics metrics_;

  bool loaded_ = false;
  std::shared_ptr<Epoch> epoch_ = std::make_shared<Epoch>();
  scheduler::State state_;
  std::map<std::string, std::string> latest_by_name_;
  std::vector<StudyVersion> versions_;                                      // by index
  std::set<std::pair<std::string, scheduler::StudyIndex>> by_fingerprint_;  // the present one of each study
  std::uint64_t sessions_opened_ = 0;
  std::map<SessionId, Session> sessions_;
  std::unordered_map<std::string, SessionId> session_by_worker_;
  std::map<scheduler::JobIndex, Progress> progress_;
  std::unordered_map<scheduler::JobIndex, std::int64_t> assigned_at_;  // of attempts that have not begun
  std::map<scheduler::JobIndex, GangMemory> gangs_;                    // of running attempts
  std::map<scheduler::StudyIndex, Search> searches_;
  std::unordered_map<scheduler::JobIndex, sweeps::ScoreOutcome> scores_;  // of all studies
  static constexpr double kJobEventsAtOnce = 1'000;
  static constexpr double kJobEventsPerSecond = 200;
  TokenBucket job_events_{kJobEventsAtOnce, kJobEventsPerSecond};
  std::set<std::int64_t> untold_studies_;   // whose counts changed since their last event
  std::set<std::int64_t> crowded_studies_;  // of which many jobs changed
  std::set<std::string> untold_workers_;    // that were given jobs or ended some
};

}  // namespace checkerlab::coordinator
