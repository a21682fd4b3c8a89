#include "coordinator/service/effect_writer.hpp"

#include <algorithm>
#include <array>

#include "base/random_token.hpp"
#include "base/text/number.hpp"
#include "coordinator/scheduler/graph.hpp"
#include "coordinator/store/job_rows.hpp"
#include "coordinator/store/rank_rows.hpp"
#include "coordinator/store/result_rows.hpp"
#include "coordinator/store/revision_rows.hpp"
#include "coordinator/store/search_rows.hpp"
#include "coordinator/store/study_rows.hpp"
#include "coordinator/store/worker_rows.hpp"

namespace checkerlab::coordinator {
namespace {

double seconds_between(std::int64_t from_ms, std::int64_t to_ms) {
  return static_cast<double>(std::max<std::int64_t>(0, to_ms - from_ms)) / 1'000;
}

std::string name_of(scheduler::AttemptEnd end) {
  constexpr std::array<const char*, 7> kNames{
      "succeeded", "failed",    "crashed", "lost",
      "preempted", "cancelled", "failed"};  // with an error that names the time limit
  return kNames.at(static_cast<std::size_t>(end));
}

rpc::AttemptRef attempt_ref(const scheduler::AttemptId& attempt) {
  return {JobKey(scheduler::to_hex(attempt.key)), AttemptNumber{attempt.number}};
}

}  // namespace

void Coordinator::Impl::note_dispatched(scheduler::JobIndex job, std::int64_t now) {
  if (const auto assigned = assigned_at_.extract(job))
    metrics_.dispatch_seconds.observe(seconds_between(assigned.mapped(), now));
}

void Coordinator::Impl::EffectWriter::tell_job(scheduler::JobIndex job) const {
  change.disk.jobs.insert(number_of(job));
  scheduler::for_each_study(impl.state_, impl.state_.job(job),
                            [&](scheduler::StudyIndex study) { impl.untold_studies_.insert(number_of(study)); });
}

void Coordinator::Impl::EffectWriter::operator()(const scheduler::Assign& effect) const {
  if (effect.rank == 0) {
    step([job = number_of(effect.job), number = effect.number, worker = worker_id(effect.worker), at = now,
          &metrics = impl.metrics_](SQLite::Database& database) {
      metrics.queue_seconds.observe(seconds_between(insert_attempt(database, job, number, worker, at), at));
    });
  }
  const auto seat = seat_of(effect);
  const auto session = impl.session_by_worker_.find(worker_id(effect.worker));
  if (session != impl.session_by_worker_.end()) {
    const bool has_inputs = impl.state_.job(effect.job).input_count > 0;
    change.disk.orders.push_back({session->second, number_of(effect.job), effect.number, has_inputs, seat});
  }
  impl.assigned_at_[effect.job] = now;
  impl.untold_workers_.insert(worker_id(effect.worker));
  tell_job(effect.job);
}

// The place in its gang of a worker that does not do the attempt alone.
std::optional<rpc::GangSeat> Coordinator::Impl::EffectWriter::seat_of(const scheduler::Assign& effect) const {
  if (effect.size == 1) return std::nullopt;
  constexpr std::size_t kSecret = 32;
  GangMemory& gang = impl.gangs_[effect.job];
  if (effect.rank == 0) gang = {effect.number, random_token(kSecret), {}, std::nullopt};
  gang.workers.push_back(worker_id(effect.worker));
  step([job = number_of(effect.job), number = effect.number, rank = effect.rank, worker = worker_id(effect.worker)](
           SQLite::Database& database) { insert_rank(database, job, number, rank, worker); });
  return rpc::GangSeat{static_cast<int>(effect.rank), static_cast<int>(effect.size), gang.secret};
}

void Coordinator::Impl::EffectWriter::operator()(const scheduler::RankDone& effect) const {
  step([job = number_of(effect.job), number = effect.number, rank = effect.rank, at = now](SQLite::Database& database) {
    end_rank(database, job, number, rank, at);
  });
}

void Coordinator::Impl::EffectWriter::forget_gang(const scheduler::AttemptEnded& effect) const {
  const auto gang = impl.gangs_.find(effect.job);
  if (gang == impl.gangs_.end()) return;
  step([job = number_of(effect.job), number = effect.number, at = now](SQLite::Database& database) {
    end_ranks(database, job, number, at);
  });
  change.disk.workers.insert(gang->second.workers.begin(), gang->second.workers.end());
  impl.gangs_.erase(gang);
}

void Coordinator::Impl::EffectWriter::operator()(const scheduler::CancelAttempt& effect) const {
  const auto session = impl.session_by_worker_.find(worker_id(effect.worker));
  if (session == impl.session_by_worker_.end()) return;
  change.aftermath.cancels.push_back(
      {session->second, {attempt_ref(effect.attempt), std::string(to_string(effect.reason))}});
}

void Coordinator::Impl::EffectWriter::operator()(const scheduler::JobChanged& effect) const {
  const std::int64_t job = number_of(effect.job);
  if (effect.state == scheduler::JobState::queued && change.first_new_job && job >= *change.first_new_job)
    return tell_job(effect.job);  // written with the job
  count_in_stages(effect);
  if (effect.state == scheduler::JobState::running) return;  // written with its attempt
  std::optional<std::int64_t> started_at;
  if (const auto begun = change.begun.extract(job)) started_at = begun.mapped().at;
  step([job, started_at, state = std::string(to_string(effect.state)), at = now](SQLite::Database& database) {
    set_job_state(database, job, state, at, started_at);
  });
  impl.progress_.erase(effect.job);
  impl.assigned_at_.erase(effect.job);
  tell_job(effect.job);
}

void Coordinator::Impl::EffectWriter::count_in_stages(const scheduler::JobChanged& effect) const {
  const scheduler::Job& job = impl.state_.job(effect.job);
  const std::string& kind = impl.state_.kinds[at(job.kind)].name;
  scheduler::for_each_study(impl.state_, job, [&](scheduler::StudyIndex study) {
    StageChange& stage = change.disk.stages[{number_of(study), kind}];
    --stage.by_state.at(static_cast<std::size_t>(effect.from));
    ++stage.by_state.at(static_cast<std::size_t>(effect.state));
    stage.started |= effect.state == scheduler::JobState::running;
    stage.finished |= effect.state == scheduler::JobState::succeeded;
  });
}

void Coordinator::Impl::EffectWriter::operator()(const scheduler::JobDoomed& effect) const {
  step([job = number_of(effect.job), input = number_of(effect.input)](SQLite::Database& database) {
    doom_job(database, job, input);
  });
  tell_job(effect.job);
}

void Coordinator::Impl::EffectWriter::operator()(const scheduler::JobRevived& effect) const {
  step([job = number_of(effect.job)](SQLite::Database& database) { revive_job(database, job); });
  tell_job(effect.job);
}

void Coordinator::Impl::EffectWriter::operator()(const scheduler::AttemptBegan& effect) const {
  change.begun[number_of(effect.job)] = {effect.number, now};
  impl.note_dispatched(effect.job, now);
  tell_job(effect.job);
}

Json Coordinator::Impl::EffectWriter::time_limit_error(scheduler::JobIndex job) const {
  const scheduler::Millis limit = impl.state_.shapes[at(impl.state_.job(job).shape)].placement.time_limit;
  return {{"code", "time_limit"},
          {"message", "the job ran longer than its time limit of " + duration_text(static_cast<double>(limit) / 1'000)},
          {"fix", "Raise placement.time_limit_minutes of the study and submit it again; what is done is kept."},
          {"retryable", false}};
}

Json Coordinator::Impl::EffectWriter::error_of(const scheduler::AttemptEnded& effect) const {
  if (effect.end == scheduler::AttemptEnd::lost && report.error.is_null()) {
    return {{"code", "worker_lost"},
            {"message", effect.final ? "its worker was lost too often: the job may be what ends the workers"
                                     : "the worker was lost: no sign of life within the lease"},
            {"fix", "See whether the worker's machine and its process are alive."},
            {"retryable", true}};
  }
  if (effect.end == scheduler::AttemptEnd::timed_out) return time_limit_error(effect.job);
  return effect.end == scheduler::AttemptEnd::cancelled ? Json(nullptr) : report.error;
}

void Coordinator::Impl::EffectWriter::operator()(const scheduler::AttemptEnded& effect) const {
  const std::int64_t job = number_of(effect.job);
  const scheduler::Job& ended = impl.state_.job(effect.job);
  const AttemptCounts counts{ended.tries, ended.losses, ended.preemptions};
  const Json error = error_of(effect);
  ++impl.metrics_.attempts.at(static_cast<std::size_t>(effect.end));
  std::optional<std::int64_t> started_at;
  const auto begun = change.begun.find(job);
  if (begun != change.begun.end() && begun->second.number == effect.number) {
    started_at = begun->second.at;
    begun->second.in_attempt = true;
  }
  step([job, counts, error, started_at, number = effect.number, end = name_of(effect.end), at = now](
           SQLite::Database& database) { end_attempt(database, job, number, end, error, counts, at, started_at); });
  forget_gang(effect);
  if (effect.final) step([job, error](SQLite::Database& database) { set_job_error(database, job, error); });
  if (effect.end != scheduler::AttemptEnd::succeeded) return;
  impl.note_dispatched(effect.job, now);
  const std::string& kind = impl.state_.kinds[at(ended.kind)].name;
  step([row = ResultRow{job, kind, effect.number, report.worker, report.version, *report.message->result},
        at = now](SQLite::Database& database) { record_result(database, row, at); });
  if (kind == "score_point") change.disk.scored.insert(job);
  if (auto score = score_of(report.message->result->metrics)) impl.scores_[effect.job] = std::move(*score);
}

void Coordinator::Impl::EffectWriter::operator()(const scheduler::Decision& effect) const {
  const auto session = impl.session_by_worker_.find(worker_id(effect.worker));
  if (session == impl.session_by_worker_.end()) return;
  impl.untold_workers_.insert(worker_id(effect.worker));
  const bool accepted = effect.verdict != scheduler::Verdict::stale;
  if (!accepted) ++impl.metrics_.results_refused;
  change.aftermath.acks[session->second].acks.push_back(
      {attempt_ref(effect.attempt), accepted, std::string(to_string(effect.reason))});
}

void Coordinator::Impl::EffectWriter::operator()(const scheduler::StudyChanged& effect) const {
  step([study = number_of(effect.study), state = std::string(to_string(effect.state)),
        at = now](SQLite::Database& database) { set_study_state(database, study, state, at); });
  if (effect.state == scheduler::StudyState::cancelled)  // which ends a pause
    step([study = number_of(effect.study)](SQLite::Database& database) { set_study_paused(database, study, false); });
  change.disk.studies.insert(number_of(effect.study));
}

void Coordinator::Impl::EffectWriter::operator()(const scheduler::WorkerChanged& effect) const {
  const scheduler::Worker& worker = impl.state_.worker(effect.worker);
  WorkerStanding standing{!worker.connected ? "offline"
                          : worker.draining ? "draining"
                                            : "online",
                          worker.draining,
                          worker.quarantines,
                          {}};
  if (worker.quarantined_until != 0) standing.quarantined_until = now + worker.quarantined_until - impl.state_.now;
  step([id = worker.id, standing, at = now](SQLite::Database& database) {
    set_worker_standing(database, id, standing, at);
  });
  change.disk.workers.insert(worker.id);
  tell_pinned_studies();
}

// Whether there is a worker of their code version may have changed.
void Coordinator::Impl::EffectWriter::tell_pinned_studies() const {
  for (std::size_t i = 0; i < impl.state_.studies.size(); ++i) {
    const scheduler::Study& study = impl.state_.studies[i];
    if (study.pin != scheduler::kAnyCode && study.open > 0)
      impl.untold_studies_.insert(number_of(static_cast<scheduler::StudyIndex>(i)));
  }
}

void Coordinator::Impl::EffectWriter::operator()(const scheduler::JobRests& effect) const {
  std::optional<std::int64_t> until;
  if (effect.until != 0) until = now + effect.until - impl.state_.now;
  step([job = number_of(effect.job), until](SQLite::Database& database) { set_retry_time(database, job, until); });
  tell_job(effect.job);
}

void Coordinator::Impl::EffectWriter::operator()(const scheduler::WorkerSilent& effect) const {
  const auto session = impl.session_by_worker_.find(worker_id(effect.worker));
  if (session != impl.session_by_worker_.end()) impl.drop_session(session->second, "no heartbeat within the lease");
}

}  // namespace checkerlab::coordinator
