// Studies that are told to run something again, to rest, or to go into the archive.
#include <algorithm>
#include <utility>

#include "coordinator/scheduler/revision.hpp"
#include "coordinator/scheduler/wishes.hpp"
#include "coordinator/service/coordinator_impl.hpp"

namespace checkerlab::coordinator {
namespace {

using scheduler::JobIndex;
using scheduler::JobState;

std::vector<JobIndex> named_jobs(const scheduler::State& state, scheduler::StudyIndex study,
                                 const std::vector<JobKey>& keys) {
  std::vector<JobIndex> jobs;
  for (const JobKey& key : keys) {
    const auto job = state.find_job(scheduler::parse_key(key.str()));
    if (!job || !scheduler::is_linked(state, state.job(*job), study)) {
      throw Error(ErrorCode::not_found, "the study has no job " + key.str(), "`checkerlab jobs STUDY` lists its jobs.");
    }
    jobs.push_back(*job);
  }
  return jobs;
}

std::vector<JobIndex> chosen_jobs(const scheduler::State& state, scheduler::StudyIndex study,
                                  const RerunRequest& request) {
  if (!request.jobs.empty()) return named_jobs(state, study, request.jobs);
  std::vector<JobIndex> jobs;
  for (const JobIndex job : state.study(study).jobs) {
    const JobState present = state.job(job).state;
    if ((request.failed && present == JobState::failed) || (request.cancelled && present == JobState::cancelled))
      jobs.push_back(job);
  }
  return jobs;
}

template <class Predicate>
std::int64_t count_jobs(const scheduler::State& state, scheduler::StudyIndex study, Predicate&& predicate) {
  const auto& jobs = state.study(study).jobs;
  return std::ranges::count_if(jobs, [&](JobIndex job) { return predicate(state.job(job)); });
}

bool runs(const scheduler::Job& job) {
  return job.state == JobState::running;
}

bool is_over(scheduler::StudyState state) {
  return state != scheduler::StudyState::queued && state != scheduler::StudyState::running;
}

}  // namespace

RerunOutcome Coordinator::Impl::rerun_in(scheduler::StudyIndex study, const RerunRequest& request, Change& change) {
  scheduler::JobsRerun event{state_.study(study).id, {}};
  for (const JobIndex job : scheduler::to_start_afresh(state_, chosen_jobs(state_, study, request)))
    event.jobs.push_back(state_.job(job).key);
  const std::int64_t doomed = count_jobs(state_, study, scheduler::is_doomed);
  if (!event.jobs.empty()) {
    apply(event, change);
    if (searches_.contains(study)) grow_all(study, change);
    change.disk.steps.push_back([number = number_of(study)](SQLite::Database& database, std::vector<ServerEvent>&) {
      set_study_archived(database, number, std::nullopt);
    });
    change.disk.studies.insert(number_of(study));
  }
  RerunOutcome outcome;
  outcome.study_id = state_.study(study).id;
  outcome.started = static_cast<std::int64_t>(event.jobs.size());
  outcome.revived = doomed - count_jobs(state_, study, scheduler::is_doomed);
  outcome.succeeded = state_.study(study).succeeded;
  outcome.open = state_.study(study).open;
  return outcome;
}

void Coordinator::Impl::rerun(const std::string& id_or_name, const RerunRequest& request, Done<RerunOutcome> done) {
  change_study<RerunOutcome>(id_or_name, std::move(done), [&](scheduler::StudyIndex study, Change& change) {
    return rerun_in(study, request, change);
  });
}

PauseOutcome Coordinator::Impl::pause_in(scheduler::StudyIndex study, const PauseRequest& request, Change& change) {
  if (is_over(state_.study(study).state)) {
    throw Error(ErrorCode::conflict,
                "the study " + name_of_study(study) + " is over: " + std::string(to_string(state_.study(study).state)),
                "Only a study that still has something to run can be paused or resumed.");
  }
  const std::int64_t before = count_jobs(state_, study, runs);
  apply(scheduler::StudyPaused{state_.study(study).id, request.paused, request.stop_running}, change);
  change.disk.steps.push_back(
      [number = number_of(study), paused = request.paused](SQLite::Database& database, std::vector<ServerEvent>&) {
        set_study_paused(database, number, paused);
      });
  change.disk.studies.insert(number_of(study));
  PauseOutcome outcome;
  outcome.study_id = state_.study(study).id;
  outcome.running = count_jobs(state_, study, runs);
  if (request.paused) outcome.taken_back = std::max<std::int64_t>(before - outcome.running, 0);
  return outcome;
}

void Coordinator::Impl::pause(const std::string& id_or_name, const PauseRequest& request, Done<PauseOutcome> done) {
  change_study<PauseOutcome>(id_or_name, std::move(done), [&](scheduler::StudyIndex study, Change& change) {
    return pause_in(study, request, change);
  });
}

void Coordinator::Impl::archive(const std::string& id_or_name, bool archived, Done<std::string> done) {
  change_study<std::string>(id_or_name, std::move(done), [&](scheduler::StudyIndex study, Change& change) {
    if (archived && !is_over(state_.study(study).state)) {
      throw Error(ErrorCode::conflict, "the study " + name_of_study(study) + " is not over",
                  "Wait for its end or cancel it first: checkerlab study cancel " + name_of_study(study) + ".");
    }
    const auto at_time = archived ? std::optional(utc_ms()) : std::nullopt;
    change.disk.steps.push_back(
        [number = number_of(study), at_time](SQLite::Database& database, std::vector<ServerEvent>&) {
          set_study_archived(database, number, at_time);
        });
    change.disk.studies.insert(number_of(study));
    return state_.study(study).id;
  });
}

}  // namespace checkerlab::coordinator
