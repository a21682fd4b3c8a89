#include <algorithm>
#include <unordered_set>
#include <utility>

#include "base/canonical_json.hpp"
#include "base/error.hpp"
#include "base/sha256.hpp"
#include "coordinator/scheduler/graph.hpp"
#include "coordinator/service/coordinator_impl.hpp"
#include "coordinator/service/kind_traits.hpp"
#include "coordinator/service/new_job.hpp"
#include "coordinator/service/submission_rows.hpp"
#include "coordinator/store/search_rows.hpp"
#include "coordinator/store/sql.hpp"
#include "coordinator/store/study_rows.hpp"
#include "sweeps/search/subject.hpp"

namespace checkerlab::coordinator {

std::string study_fingerprint(const StudySubmission& submission) {
  std::vector<std::string_view> keys;
  keys.reserve(submission.plan.jobs.size());
  for (const sweeps::Job& job : submission.plan.jobs)
    keys.push_back(job.key.str());
  std::sort(keys.begin(), keys.end());
  Sha256 hash;
  hash.update(submission.name);
  for (const std::string_view key : keys) {
    hash.update("\n");
    hash.update(key);
  }
  if (!submission.search.is_null())
    hash.update("\n" + sweeps::search_identity(sweeps::read_search_document(submission.search).study));
  return hash.hex().substr(0, 12);
}

std::vector<scheduler::NewJob> new_jobs(const sweeps::Plan& plan) {
  std::vector<scheduler::NewJob> jobs;
  jobs.reserve(plan.jobs.size());
  for (const sweeps::Job& job : plan.jobs)
    jobs.push_back(new_job(job));
  return jobs;
}

namespace {

// Inputs stand before those who need them, keys are there once: the scheduler relies on it.
void check_plan(const std::string& name, const std::vector<scheduler::NewJob>& jobs) {
  if (jobs.empty()) throw Error(ErrorCode::invalid_argument, "the study '" + name + "' has no jobs");
  if (static_cast<std::int64_t>(jobs.size()) > sweeps::kMaxJobs) {
    throw Error(
        ErrorCode::too_large,
        "study too large: " + std::to_string(jobs.size()) + " jobs; the limit is " + std::to_string(sweeps::kMaxJobs),
        "Split it into smaller studies: they share what they have in common.");
  }
  std::unordered_set<scheduler::Key, scheduler::KeyHash> seen;
  for (const scheduler::NewJob& job : jobs) {
    for (const scheduler::Key& input : job.inputs) {
      if (!seen.contains(input)) {
        throw Error(ErrorCode::invalid_argument, "job " + scheduler::to_hex(job.key) + " needs " +
                                                     scheduler::to_hex(input) +
                                                     ", which does not stand before it in the plan");
      }
    }
    if (!seen.insert(job.key).second)
      throw Error(ErrorCode::invalid_argument, "job " + scheduler::to_hex(job.key) + " stands twice");
  }
}

}  // namespace

void SubmissionRows::write(SQLite::Database& database, std::int64_t now) const {
  insert_jobs(database, jobs, now);
  for (const auto& [number, job] : known) {
    execute(database, "UPDATE jobs SET hints = ?, label = ? WHERE number = ? AND state <> 'succeeded'",
            job->hints.dump(), job->label, number);
  }
  if (!created) return set_study_order(database, study, order);
  insert_study(
      database,
      {study, id, submission->name, submission->title, submission->definition, submission->filename,
       submission->overrides, static_cast<std::int64_t>(links.size()), static_cast<std::int64_t>(points.size()), order},
      now);
  if (!submission->search.is_null()) insert_search(database, study, submission->search.dump());
  link_jobs(database, study, links);
  insert_points(database, study, points);
  RevisionRow first = revision_row(*submission, study, 1);
  first.added = links;
  first.points_total = static_cast<std::int64_t>(points.size());
  insert_revision(database, first, now);
  set_study_code(database, study, submission->code);
  execute(database, "UPDATE studies SET fingerprint = ? WHERE number = ?", fingerprint, study);
}

SubmissionRows rows_of(const scheduler::State& state, std::shared_ptr<const StudySubmission> submission,
                       std::size_t jobs_before) {
  SubmissionRows rows;
  const auto number = [&](const JobKey& key) {
    return number_of(state.find_job(scheduler::parse_key(key.str())).value());
  };
  for (const sweeps::Job& job : submission->plan.jobs) {
    const std::int64_t job_number = number(job.key);
    rows.links.push_back(job_number);
    if (job_number <= static_cast<std::int64_t>(jobs_before)) {
      rows.known.emplace_back(job_number, &job);
      continue;
    }
    const bool queued =
        state.job(static_cast<scheduler::JobIndex>(job_number - 1)).state != scheduler::JobState::blocked;
    NewJobRow row{job_number, &job, {}, queued};
    for (const sweeps::Input& input : job.inputs)
      row.inputs.push_back(number(input.key));
    rows.jobs.push_back(std::move(row));
  }
  for (const sweeps::Point& point : submission->plan.points) {
    const auto position = static_cast<std::int64_t>(rows.points.size());
    rows.points.push_back({number(point.score_key), number(point.model_key), &point, position});
  }
  rows.submission = std::move(submission);
  return rows;
}

namespace {

void check_points(const sweeps::Plan& plan) {
  std::unordered_set<std::string> keys;
  for (const sweeps::Job& job : plan.jobs)
    keys.insert(job.key.str());
  std::unordered_set<std::string> scores;
  for (const sweeps::Point& point : plan.points) {
    if (!keys.contains(point.score_key.str()) || !keys.contains(point.model_key.str())) {
      throw Error(ErrorCode::invalid_argument, "point " + point.score_key.str() + " has no job in the plan");
    }
    if (!scores.insert(point.score_key.str()).second) {
      throw Error(ErrorCode::invalid_argument, "point " + point.score_key.str() + " stands twice");
    }
  }
}

}  // namespace

void check_submission(const StudySubmission& submission, const std::vector<scheduler::NewJob>& jobs) {
  check_plan(submission.name, jobs);
  check_points(submission.plan);
}

RevisionRow revision_row(const StudySubmission& submission, std::int64_t study, std::int64_t number) {
  RevisionRow row;
  row.study = study;
  row.number = number;
  row.title = submission.title;
  row.definition = submission.definition;
  row.filename = submission.filename;
  row.overrides = submission.overrides;
  row.given = submission.given.dump();
  row.code = submission.code;
  row.submitted_by = submission.submitted_by;
  return row;
}

SubmitOutcome Coordinator::Impl::add_study(const std::shared_ptr<StudySubmission>& submission, Change& change) {
  const std::string fingerprint = study_fingerprint(*submission);
  const auto present = study_of_fingerprint(fingerprint);
  scheduler::JobsSubmitted event{present ? state_.study(*present).id : unused_study_id(fingerprint),
                                 new_jobs(submission->plan), std::nullopt, submission->code};
  check_submission(*submission, event.jobs);
  if (present && versions_.at(at(*present)).code != submission->code) revise(*present, submission, change);
  const bool searches = !submission->search.is_null();
  if (!submission->order.empty()) event.order = order_with(state_.find_study(event.study), submission->order);
  // What a search asked for later belongs to it too.
  if (present && searches) add_grown_jobs(*present, event.jobs);
  SubmitOutcome outcome{event.study, !state_.find_study(event.study), static_cast<std::int64_t>(event.jobs.size()), 0,
                        0};
  for (const scheduler::NewJob& job : event.jobs) {
    const auto known = state_.find_job(job.key);
    outcome.jobs_new += !known;
    outcome.jobs_done += known && state_.job(*known).state == scheduler::JobState::succeeded;
  }
  const std::size_t jobs_before = state_.jobs.size();
  change.first_new_job = static_cast<std::int64_t>(jobs_before) + 1;
  apply(event, change);
  SubmissionRows rows = rows_of(state_, submission, jobs_before);
  const scheduler::StudyIndex index = *state_.find_study(event.study);
  rows.study = number_of(index);
  rows.id = event.study;
  rows.fingerprint = fingerprint;
  rows.created = outcome.created;
  rows.order = order_row(state_.study(index).order);
  if (outcome.created) {
    remember_version(
        index, {submission->name, fingerprint, 1, submission->definition, submission->overrides, submission->code});
  } else {
    change.disk.steps.push_back([study = rows.study](SQLite::Database& database, std::vector<ServerEvent>&) {
      set_study_archived(database, study, std::nullopt);
    });
  }
  change.disk.steps.insert(change.disk.steps.begin(),
                           [rows = std::move(rows), now = utc_ms()](
                               SQLite::Database& database, std::vector<ServerEvent>&) { rows.write(database, now); });
  change.disk.studies.insert(number_of(index));
  if (searches) {
    begin_search(index, submission->search);
    grow_all(index, change);
  }
  latest_by_name_[submission->name] = outcome.created ? event.study : latest_by_name_[submission->name];
  return outcome;
}

void Coordinator::Impl::submit(StudySubmission submission, Done<SubmitOutcome> done) {
  try {
    require_loaded();
    Change change;
    const SubmitOutcome outcome = add_study(std::make_shared<StudySubmission>(std::move(submission)), change);
    change.aftermath.callbacks.push_back(
        [done, outcome](std::exception_ptr error) { done(error, error ? SubmitOutcome{} : outcome); });
    commit(std::move(change));
  } catch (const Error&) {
    fail(std::move(done), std::current_exception());
  }
}

scheduler::StudyIndex Coordinator::Impl::resolve_study(const std::string& id_or_name) const {
  if (const auto study = state_.find_study(id_or_name)) return *study;
  const auto latest = latest_by_name_.find(id_or_name);
  if (latest != latest_by_name_.end()) return state_.find_study(latest->second).value();
  throw Error(ErrorCode::not_found, "no study has the id or name '" + id_or_name + "'",
              "`checkerlab status` lists the studies.");
}

void Coordinator::Impl::cancel(const std::string& id_or_name, Done<std::string> done) {
  try {
    require_loaded();
    const std::string id = state_.study(resolve_study(id_or_name)).id;
    Change change;
    apply(scheduler::StudyCancelled{id}, change);
    change.aftermath.callbacks.push_back([done, id](std::exception_ptr error) { done(error, error ? "" : id); });
    commit(std::move(change));
  } catch (const Error&) {
    fail(std::move(done), std::current_exception());
  }
}

}  // namespace checkerlab::coordinator
