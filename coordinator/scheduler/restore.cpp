#include "coordinator/scheduler/restore.hpp"

#include <algorithm>
#include <tuple>

#include "coordinator/scheduler/attempts.hpp"
#include "coordinator/scheduler/graph.hpp"
#include "coordinator/scheduler/placement.hpp"
#include "coordinator/scheduler/quarantine.hpp"
#include "coordinator/scheduler/shares.hpp"
#include "coordinator/scheduler/wishes.hpp"

namespace checkerlab::coordinator::scheduler {
namespace {

void restore_holds(State& state, JobIndex index, const RestoredJob& restored, const std::vector<RestoredRank>& ranks) {
  std::vector<WorkerIndex> workers;
  for (const RestoredRank& rank : ranks) {
    workers.push_back(state.intern_worker(rank.worker));
    if (rank.done) continue;
    Hold hold{index, restored.attempt, state.now + state.limits.lease, restored.started,
              false, state.now,        state.now - restored.ran_for};
    hold.rank = static_cast<std::uint32_t>(workers.size() - 1);
    add_hold(state, workers.back(), hold);
  }
  if (workers.size() > 1) state.gangs[index].workers = std::move(workers);
}

// Puts a job back as it was; counts of its inputs come from add_job.
void restore_job(State& state, const RestoredJob& restored, std::span<const JobIndex> inputs) {
  const JobIndex index = add_job(state, restored.job, inputs);
  Job& job = state.job(index);
  // The wall clock, by which it was remembered, may have been put back.
  const Millis rest = std::min(restored.rest, rest_after(state.limits, restored.tries));
  count_job(state, job, -1);
  job.state = restored.state;
  job.resting = job.state == JobState::queued && rest > 0;
  count_job(state, job, 1);
  job.attempt = restored.attempt;
  job.tries = static_cast<std::uint8_t>(restored.tries);
  job.losses = static_cast<std::uint8_t>(restored.losses);
  job.preemptions = static_cast<std::uint16_t>(restored.preemptions);
  if (job.resting) state.rests.emplace(state.now + rest, index);
  if (job.state != JobState::running) return;
  job.worker = state.intern_worker(restored.worker);
  const std::vector<RestoredRank> alone{{restored.worker}};
  restore_holds(state, index, restored, restored.ranks.size() > 1 ? restored.ranks : alone);
}

// Jobs that are done, one after the other: most of a long-lived database.
class DoneJobs {
 public:
  DoneJobs(State& state, const Restored& event) : state_(state), event_(event) {
    for (const std::string& name : event.kinds) {
      const KindIndex kind = state.intern_kind(name);
      kinds_.emplace_back(kind, intern_shape(state, kind, {}));
    }
  }

  std::size_t restored() const { return next_; }

  void restore_next(std::span<const JobIndex> inputs) {
    const RestoredDone& done = event_.done[next_++];
    Job job;
    job.key = done.key;
    std::tie(job.kind, job.shape) = kinds_.at(done.kind);
    job.state = JobState::succeeded;
    job.attempt = done.attempt;
    job.tries = done.tries;
    job.losses = done.losses;
    job.preemptions = done.preemptions;
    place_job(state_, job, inputs);
  }

 private:
  State& state_;
  const Restored& event_;
  std::vector<std::pair<KindIndex, ShapeIndex>> kinds_;
  std::size_t next_ = 0;
};

// Gives the inputs of one job after the other.
class Inputs {
 public:
  explicit Inputs(const std::vector<RestoredInput>& all) : all_(all) {}

  // Valid until the next call.
  std::span<const JobIndex> of(std::size_t job) {
    inputs_.clear();
    for (; next_ < all_.size() && at(all_[next_].job) == job; ++next_)
      inputs_.push_back(all_[next_].input);
    return inputs_;
  }

 private:
  const std::vector<RestoredInput>& all_;
  std::size_t next_ = 0;
  std::vector<JobIndex> inputs_;
};

void restore_jobs(State& state, const Restored& event) {
  const std::size_t count = event.jobs.size() + event.done.size();
  state.jobs.reserve(count);
  state.job_by_key.reserve(count, [&](JobIndex index) -> const Key& { return state.job(index).key; });
  DoneJobs done(state, event);
  Inputs inputs(event.inputs);
  for (const RestoredJob& job : event.jobs) {
    while (done.restored() < job.done_before)
      done.restore_next(inputs.of(state.jobs.size()));
    restore_job(state, job, inputs.of(state.jobs.size()));
  }
  while (done.restored() < event.done.size())
    done.restore_next(inputs.of(state.jobs.size()));
}

void restore_study(State& state, const RestoredStudy& restored) {
  const StudyIndex index = state.intern_study(restored.study);
  Study& study = state.study(index);
  study.state = restored.state;
  study.paused = restored.paused;
  study.pin = state.intern_code(restored.code);
  set_order(state, index, restored.order);
  study.jobs.reserve(restored.jobs.size());
  for (const JobIndex job : restored.jobs) {
    link_study(state, index, job);
    enqueue_for(state, job, index, QueueEnd::back);
  }
}

void restore_worker(State& state, const RestoredWorker& restored) {
  Worker& worker = state.worker(state.intern_worker(restored.worker));
  worker.name = restored.name;
  worker.draining = restored.draining;
  worker.quarantines = restored.quarantines;
  if (restored.quarantine > 0) {
    worker.quarantined_until =
        state.now + std::min(restored.quarantine, quarantine_after(state.limits, worker.quarantines));
  }
  worker.probing = restored.quarantine == 0 && restored.quarantines > 0;
  worker.cordoned = state.cordons.contains(worker.id) || state.cordons.contains(worker.name);
}

// What runs counts as the share of the first study that wants it.
void charge_restored(State& state) {
  for (Worker& worker : state.workers) {
    for (Hold& hold : worker.holds) {
      for_each_study(state, state.job(hold.job), [&](StudyIndex study) {
        if (hold.study == kNoStudy) charge(state, hold, study);
      });
    }
  }
}

// What was remembered always fits together unless someone else changed it; then this makes it fit again.
void heal(State& state, Effects& effects) {
  for (std::size_t i = 0; i < state.jobs.size(); ++i) {
    const auto index = static_cast<JobIndex>(i);
    const Job& job = state.job(index);
    if (job.live_studies == 0) {
      cancel_job(state, index, effects);
    } else if (job.state == JobState::blocked && job.missing_inputs == 0) {
      set_state(state, index, JobState::queued, effects);
    } else if (job.state == JobState::queued && job.missing_inputs > 0) {
      set_state(state, index, JobState::blocked, effects);
    }
  }
  for (std::size_t i = 0; i < state.studies.size(); ++i)
    settle_study(state, static_cast<StudyIndex>(i), effects);
}

}  // namespace

void on_restored(State& state, const Restored& event, Effects& effects) {
  state.now = event.now;
  state.cordons = {event.cordons.begin(), event.cordons.end()};
  restore_jobs(state, event);
  for (const RestoredStudy& study : event.studies)
    restore_study(state, study);
  for (std::size_t i = 0; i < state.jobs.size(); ++i)
    refresh_wishes(state, static_cast<JobIndex>(i));
  for (const RestoredWorker& worker : event.workers)
    restore_worker(state, worker);
  charge_restored(state);
  heal(state, effects);
}

}  // namespace checkerlab::coordinator::scheduler
