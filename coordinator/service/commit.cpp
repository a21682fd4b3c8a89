#include <utility>

#include "base/error.hpp"
#include "coordinator/scheduler/graph.hpp"
#include "coordinator/service/coordinator_impl.hpp"
#include "coordinator/service/effect_writer.hpp"
#include "coordinator/service/kind_traits.hpp"
#include "coordinator/store/restore_rows.hpp"
#include "coordinator/store/worker_rows.hpp"

namespace checkerlab::coordinator {
namespace {

// Those whose result has come or, as things stand, never will.
std::vector<scheduler::JobIndex> ended_jobs(const scheduler::Effects& effects) {
  std::vector<scheduler::JobIndex> jobs;
  for (const scheduler::Effect& effect : effects) {
    if (const auto* doomed = std::get_if<scheduler::JobDoomed>(&effect)) jobs.push_back(doomed->job);
    const auto* changed = std::get_if<scheduler::JobChanged>(&effect);
    if (changed && (changed->state == scheduler::JobState::succeeded || changed->state == scheduler::JobState::failed))
      jobs.push_back(changed->job);
  }
  return jobs;
}

}  // namespace

Coordinator::Impl::Impl(Store& store, const Clock& clock, Post post, ArtifactExists artifact_exists, EventSink sink,
                        CoordinatorOptions options)
    : store_(store),
      clock_(clock),
      post_(std::move(post)),
      artifact_exists_(std::move(artifact_exists)),
      sink_(std::move(sink)),
      options_(std::move(options)) {}

scheduler::Millis Coordinator::Impl::steady_ms() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(clock_.steady().time_since_epoch()).count();
}

std::int64_t Coordinator::Impl::utc_ms() const {
  return clock_.utc().time_since_epoch().count();
}

void Coordinator::Impl::require_loaded() const {
  if (loaded_) return;
  throw Error(ErrorCode::unavailable, "the coordinator cannot use its database " + store_.file().string() + " now",
              "See its log; it tries again every second.");
}

void Coordinator::Impl::load() {
  store_.write_and_wait([](SQLite::Database& database) { set_all_workers_offline(database); });
  scheduler::Restored restored = load_scheduler_state(store_, steady_ms(), utc_ms());
  for (scheduler::RestoredJob& job : restored.jobs) {
    const KindTraits traits = kind_traits(job.job.kind);
    job.job.priority = traits.priority;
    job.job.prefetch = traits.prefetch;
  }
  latest_by_name_ = store_.read([](SQLite::Database& database) { return load_study_names(database); });
  load_versions();
  state_ = {};
  searches_.clear();
  scores_.clear();
  state_.limits.lease = options_.lease.count();
  state_.limits.max_tries = static_cast<std::uint32_t>(options_.max_tries);
  state_.limits.max_losses = static_cast<std::uint32_t>(options_.max_losses);
  progress_.clear();
  assigned_at_.clear();
  untold_studies_.clear();
  crowded_studies_.clear();
  untold_workers_.clear();
  epoch_ = std::make_shared<Epoch>();
  Change change;
  apply(std::move(restored), change);
  recall_gangs();
  load_all_searches();
  for (const auto& [study, search] : searches_)
    grow_all(study, change);
  loaded_ = true;  // not before: reading may fail up to here, and is then done again as a whole
  commit(std::move(change));
}

void Coordinator::Impl::apply(const scheduler::Event& event, Change& change, const Report& report) {
  scheduler::Effects effects;
  options_.scheduler(state_, event, effects);
  EffectWriter writer{*this, change, report, utc_ms()};
  for (const scheduler::Effect& effect : effects)
    std::visit(writer, effect);
  change.first_new_job.reset();
  grow_after(ended_jobs(effects), change);
}

void Coordinator::Impl::commit(Change change) {
  change.settle();
  if (change.empty()) return;
  limit_job_events(change.disk);
  auto disk = std::make_shared<DiskPart>(std::move(change.disk));
  auto aftermath = std::make_shared<Aftermath>(std::move(change.aftermath));
  auto write = [disk, epoch = epoch_, now = utc_ms(), kept = options_.events_kept](SQLite::Database& database) {
    if (epoch->failed) throw Error(ErrorCode::unavailable, "an earlier change could not be stored", "Try again.");
    disk->run(database, now, kept);
  };
  auto done = [disk, aftermath, epoch = epoch_, post = post_,
               self = weak_from_this()](std::exception_ptr error) mutable {
    if (error) epoch->failed = true;
    // Released here, and last: a large study's rows take a while.
    const auto steps = std::exchange(disk->steps, {});
    // Moved on: what the aftermath holds is released on the coordinator's thread.
    post([disk = std::move(disk), aftermath = std::move(aftermath), epoch, self, error] {
      if (const auto impl = self.lock()) impl->committed(*disk, *aftermath, epoch, error);
    });
  };
  store_.write(std::move(write), std::move(done), {.series = epoch_.get()});
}

void Coordinator::Impl::limit_job_events(DiskPart& disk) {
  if (job_events_.take(static_cast<double>(disk.jobs.size()), clock_.steady())) return;
  for (const std::int64_t number : std::exchange(disk.jobs, {})) {
    scheduler::for_each_study(state_, state_.job(static_cast<scheduler::JobIndex>(number - 1)),
                              [&](scheduler::StudyIndex study) {
                                if (crowded_studies_.insert(number_of(study)).second)
                                  tell_crowd(number_of(study), disk);
                              });
  }
}

void Coordinator::Impl::tell_crowd(std::int64_t study, DiskPart& disk) const {
  const std::string& id = state_.study(static_cast<scheduler::StudyIndex>(study - 1)).id;
  disk.steps.push_back([id](SQLite::Database&, std::vector<ServerEvent>& events) {
    events.push_back({0, "jobs", {id}, {{"type", "jobs"}, {"study", id}}});
  });
}

void Coordinator::Impl::tell_the_rest(Change& change) {
  flush_progress(change);
  change.disk.studies.merge(untold_studies_);
  change.disk.workers.merge(untold_workers_);
  untold_studies_.clear();
  untold_workers_.clear();
  for (const std::int64_t number : std::exchange(crowded_studies_, {}))
    tell_crowd(number, change.disk);
}

void Coordinator::Impl::committed(DiskPart& disk, Aftermath& aftermath, const std::shared_ptr<Epoch>& epoch,
                                  std::exception_ptr error) {
  for (auto& callback : aftermath.callbacks)
    callback(error);
  if (error) {
    if (epoch == epoch_ && loaded_) recover();
    return;
  }
  for (auto& [session, assign] : disk.assignments)
    send(session, assign);
  for (auto& [session, cancel] : aftermath.cancels)
    send(session, cancel);
  for (auto& [session, ack] : aftermath.acks)
    send(session, ack);
  for (const ServerEvent& event : disk.events)
    sink_(event);
}

// Memory is ahead of the disk: forget it. tick() loads again, as often as it takes.
void Coordinator::Impl::recover() {
  loaded_ = false;
  while (!sessions_.empty())
    drop_session(sessions_.begin()->first, "the coordinator could not store a change");
}

void Coordinator::Impl::tick() {
  if (!loaded_) {
    try {
      load();
    } catch (const Error&) {
      return;  // still not; every request says so meanwhile
    }
  }
  Change change;
  apply(scheduler::Tick{steady_ms()}, change);
  tell_the_rest(change);
  commit(std::move(change));
}

void Coordinator::Impl::shutdown(std::function<void()> done) {
  Change change;
  if (loaded_) {
    apply(scheduler::Paused{true}, change);
    tell_the_rest(change);
  }
  change.aftermath.callbacks.push_back([done = std::move(done)](std::exception_ptr) { done(); });
  commit(std::move(change));
}

Coordinator::Gauges Coordinator::Impl::gauges() const {
  return {state_.ready_count, state_.running_count, session_by_worker_.size()};
}

}  // namespace checkerlab::coordinator
