// Studies that take another definition and stay the same study: same id, same page, same results.
#include <algorithm>
#include <iterator>
#include <unordered_set>
#include <utility>

#include "base/sha256.hpp"
#include "coordinator/scheduler/graph.hpp"
#include "coordinator/scheduler/wishes.hpp"
#include "coordinator/service/coordinator_impl.hpp"
#include "coordinator/service/submission_rows.hpp"
#include "coordinator/store/search_rows.hpp"
#include "sweeps/search/subject.hpp"
#include "sweeps/search/wanted.hpp"

namespace checkerlab::coordinator {
namespace {

using scheduler::JobIndex;
using scheduler::JobState;

// What a revision changes in the study's set, counted before it is applied.
struct SetChange {
  std::vector<JobIndex> kept;
  std::vector<JobIndex> removed;
  std::vector<scheduler::Key> added;
  ReviseOutcome counts;
};

SetChange compare(const scheduler::State& state, scheduler::StudyIndex study,
                  const std::vector<scheduler::NewJob>& wanted) {
  SetChange change;
  std::unordered_set<JobIndex> kept;
  for (const scheduler::NewJob& job : wanted) {
    const auto known = state.find_job(job.key);
    if (known && scheduler::is_linked(state, state.job(*known), study)) {
      kept.insert(*known);
      continue;
    }
    change.added.push_back(job.key);
    change.counts.jobs_new += !known;
    change.counts.jobs_done += known && state.job(*known).state == JobState::succeeded;
  }
  for (const JobIndex job : state.study(study).jobs)
    (kept.contains(job) ? change.kept : change.removed).push_back(job);
  change.counts.study_id = state.study(study).id;
  change.counts.jobs_total = static_cast<std::int64_t>(wanted.size());
  change.counts.jobs_added = static_cast<std::int64_t>(change.added.size());
  change.counts.jobs_removed = static_cast<std::int64_t>(change.removed.size());
  change.counts.jobs_shared = static_cast<std::int64_t>(kept.size());
  return change;
}

std::vector<JobIndex> not_ended(const scheduler::State& state, const std::vector<JobIndex>& jobs) {
  std::vector<JobIndex> open;
  for (const JobIndex job : jobs) {
    const JobState at_present = state.job(job).state;
    if (at_present == JobState::blocked || at_present == JobState::queued || at_present == JobState::running)
      open.push_back(job);
  }
  return open;
}

std::int64_t count_cancelled(const scheduler::State& state, const std::vector<JobIndex>& jobs) {
  return std::ranges::count_if(jobs, [&](JobIndex job) { return state.job(job).state == JobState::cancelled; });
}

bool says_the_same(const StudyVersion& version, const StudySubmission& submission) {
  return version.definition == submission.definition && version.overrides == submission.overrides &&
         version.code == submission.code;
}

void check_name(const std::string& present, const StudySubmission& submission) {
  if (present == submission.name) return;
  throw Error(ErrorCode::conflict, "the definition is of the study '" + submission.name + "', not of '" + present + "'",
              "Name the study that it belongs to, or give it this name: --set name=" + present + ".");
}

void check_revision(std::int64_t present, std::optional<std::int64_t> based_on) {
  if (!based_on || *based_on == present) return;
  throw Error(ErrorCode::conflict,
              "the study is at revision " + std::to_string(present) + " now, not " + std::to_string(*based_on),
              "Somebody changed it meanwhile: look at its present definition and try again.");
}

// A revision as rows. Owns what the rows point into.
struct RevisionRows {
  SubmissionRows submission;
  RevisionRow revision;
  std::string fingerprint;

  void write(SQLite::Database& database, std::int64_t now) const {
    submission.write(database, now);
    apply_revision(database, revision, fingerprint);
    insert_revision(database, revision, now);
    replace_points(database, revision.study, submission.points);
    delete_search(database, revision.study);
    const Json& search = submission.submission->search;
    if (!search.is_null()) insert_search(database, revision.study, search.dump());
  }
};

std::vector<std::int64_t> numbers_of(const std::vector<JobIndex>& jobs) {
  std::vector<std::int64_t> numbers;
  for (const JobIndex job : jobs)
    numbers.push_back(number_of(job));
  return numbers;
}

}  // namespace

void Coordinator::Impl::load_versions() {
  versions_ = store_.read([](SQLite::Database& database) { return load_study_versions(database); });
  by_fingerprint_.clear();
  for (std::size_t i = 0; i < versions_.size(); ++i)
    by_fingerprint_.emplace(versions_[i].fingerprint, static_cast<scheduler::StudyIndex>(i));
}

void Coordinator::Impl::remember_version(scheduler::StudyIndex study, StudyVersion version) {
  if (at(study) >= versions_.size()) versions_.resize(at(study) + 1);
  by_fingerprint_.erase({versions_[at(study)].fingerprint, study});
  by_fingerprint_.emplace(version.fingerprint, study);
  versions_[at(study)] = std::move(version);
}

std::optional<scheduler::StudyIndex> Coordinator::Impl::study_of_fingerprint(const std::string& fingerprint) const {
  // The youngest, where a revision made an older study the same.
  const auto after = by_fingerprint_.upper_bound({fingerprint, scheduler::StudyIndex{0xffff'ffff}});
  if (after == by_fingerprint_.begin() || std::prev(after)->first != fingerprint) return std::nullopt;
  return std::prev(after)->second;
}

std::string Coordinator::Impl::unused_study_id(const std::string& fingerprint) const {
  std::string id = fingerprint;
  for (int again = 2; state_.find_study(id); ++again)
    id = sha256_hex(fingerprint + "\n" + std::to_string(again)).substr(0, fingerprint.size());
  return id;
}

ReviseOutcome Coordinator::Impl::revise(scheduler::StudyIndex study, const std::shared_ptr<StudySubmission>& submission,
                                        Change& change) {
  const std::string fingerprint = study_fingerprint(*submission);
  std::vector<sweeps::GuidanceRecord> records;
  const bool searches = !submission->search.is_null();
  if (searches) {
    records = sweeps::add_wanted(submission->plan, sweeps::read_search_document(submission->search),
                                 [&](const JobKey& key) { return score_for(study, key); });
  }
  scheduler::StudyRevised event{state_.study(study).id, new_jobs(submission->plan), std::nullopt, submission->code};
  if (!submission->order.empty()) event.order = order_with(study, submission->order);
  check_submission(*submission, event.jobs);
  SetChange set = compare(state_, study, event.jobs);
  const StudyVersion& version = versions_.at(at(study));
  set.counts.revision = version.revision;
  if (set.added.empty() && set.removed.empty() && says_the_same(version, *submission)) return set.counts;
  set.counts.revision = version.revision + 1;

  const std::vector<JobIndex> leaving = not_ended(state_, set.removed);
  const std::size_t jobs_before = state_.jobs.size();
  change.first_new_job = static_cast<std::int64_t>(jobs_before) + 1;
  apply(event, change);
  set.counts.jobs_cancelled = count_cancelled(state_, leaving);

  RevisionRows rows{rows_of(state_, submission, jobs_before),
                    revision_row(*submission, number_of(study), set.counts.revision), fingerprint};
  rows.submission.study = number_of(study);
  rows.submission.order = order_row(state_.study(study).order);
  for (std::size_t i = 0; i < records.size(); ++i)
    rows.submission.points.at(i).position = records[i].position;
  for (const scheduler::Key& key : set.added)
    rows.revision.added.push_back(number_of(state_.find_job(key).value()));
  rows.revision.removed = numbers_of(set.removed);
  rows.revision.jobs_shared = set.counts.jobs_shared;
  rows.revision.points_total = static_cast<std::int64_t>(rows.submission.points.size());
  change.disk.steps.insert(change.disk.steps.begin(),
                           [rows = std::move(rows), now = utc_ms()](
                               SQLite::Database& database, std::vector<ServerEvent>&) { rows.write(database, now); });
  change.disk.studies.insert(number_of(study));
  remember_version(study, {submission->name, fingerprint, set.counts.revision, submission->definition,
                           submission->overrides, submission->code});
  searches_.erase(study);
  if (searches) {
    begin_search(study, submission->search);
    grow_all(study, change);
  }
  return set.counts;
}

void Coordinator::Impl::revise_study(const std::string& id_or_name, StudySubmission submission,
                                     std::optional<std::int64_t> based_on, Done<ReviseOutcome> done) {
  const auto shared = std::make_shared<StudySubmission>(std::move(submission));
  change_study<ReviseOutcome>(id_or_name, std::move(done), [&](scheduler::StudyIndex study, Change& change) {
    check_name(name_of_study(study), *shared);
    check_revision(versions_.at(at(study)).revision, based_on);
    return revise(study, shared, change);
  });
}

}  // namespace checkerlab::coordinator
