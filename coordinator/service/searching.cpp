// Studies that search for guidance: what sweeps/search wants next joins the study in the same change as the score that
// made it wanted, so that on disk there is never one without the other. Asking again adds nothing, which is how a start
// catches up with whatever is missing.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "coordinator/scheduler/graph.hpp"
#include "coordinator/service/coordinator_impl.hpp"
#include "coordinator/service/new_job.hpp"
#include "coordinator/store/search_rows.hpp"
#include "coordinator/store/study_rows.hpp"
#include "sweeps/search/subject.hpp"

namespace checkerlab::coordinator {
namespace {

std::optional<scheduler::JobIndex> find(const scheduler::State& state, const JobKey& key) {
  return state.find_job(scheduler::parse_key(key.str()));
}

bool belongs_to(const scheduler::State& state, scheduler::JobIndex job, scheduler::StudyIndex study) {
  bool found = false;
  scheduler::for_each_study(state, state.job(job),
                            [&](scheduler::StudyIndex other) { found = found || other == study; });
  return found;
}

// What a study grows by, as rows. Owns what the rows point into.
struct Growth {
  std::int64_t study = 0;
  std::vector<sweeps::Job> jobs;
  std::vector<sweeps::GuidanceRecord> records;
  std::vector<NewJobRow> job_rows;  // of those that nobody had asked for before
  std::vector<std::int64_t> links;
  std::vector<PointRow> points;
  std::vector<GuidanceRow> values;

  void write(SQLite::Database& database, std::int64_t now) const {
    insert_jobs(database, job_rows, now);
    link_jobs(database, study, links);
    insert_points(database, study, points);
    write_guidance_values(database, study, values);
    if (!links.empty())
      add_to_totals(database, study, static_cast<std::int64_t>(links.size()), static_cast<std::int64_t>(points.size()));
  }
};

// `jobs_before`: how many jobs there were before the growth.
void add_rows(const scheduler::State& state, std::size_t jobs_before, Growth& growth) {
  const auto number = [&](const JobKey& key) { return number_of(find(state, key).value()); };
  std::unordered_set<std::string> fresh;
  for (const sweeps::Job& job : growth.jobs) {
    fresh.insert(job.key.str());
    growth.links.push_back(number(job.key));
    if (growth.links.back() <= static_cast<std::int64_t>(jobs_before)) continue;
    NewJobRow row{growth.links.back(), &job, {}};
    for (const sweeps::Input& input : job.inputs)
      row.inputs.push_back(number(input.key));
    growth.job_rows.push_back(std::move(row));
  }
  for (const sweeps::GuidanceRecord& record : growth.records) {
    const sweeps::GuidanceVerdict& verdict = record.verdict;
    GuidanceRow row{&record, {}, {}};
    if (verdict.screen) row.screen_job = number(record.screen_key);
    if (verdict.full) row.score_job = number(record.point.score_key);
    growth.values.push_back(row);
    if (verdict.full && fresh.contains(record.point.score_key.str()))
      growth.points.push_back({*row.score_job, number(record.point.model_key), &record.point, record.position});
  }
}

// Another version may name jobs differently; then it must not train everything anew behind the study's back.
bool has_models(const scheduler::State& state, scheduler::StudyIndex study,
                const std::vector<sweeps::GuidanceRecord>& records) {
  return std::ranges::all_of(records, [&](const sweeps::GuidanceRecord& record) {
    const auto model = find(state, record.point.model_key);
    return model && belongs_to(state, *model, study);
  });
}

}  // namespace

void Coordinator::Impl::load_all_searches() {
  for (auto& [key, score] : store_.read([](SQLite::Database& database) { return load_scores(database); })) {
    if (const auto job = find(state_, JobKey(key))) scores_[*job] = std::move(score);
  }
  for (const StoredSearch& search : store_.read([](SQLite::Database& database) { return load_searches(database); })) {
    const auto study = static_cast<scheduler::StudyIndex>(search.study - 1);
    const bool over = search.decided && state_.study(study).state == scheduler::StudyState::succeeded;
    if (over) continue;
    try {
      begin_search(study, Json::parse(search.subject));
    } catch (const std::exception& problem) {
      spdlog::warn("the search of study {} stands still, it cannot be read: {}", state_.study(study).id,
                   problem.what());
    }
  }
}

void Coordinator::Impl::begin_search(scheduler::StudyIndex study, const Json& document) {
  searches_[study].subject = std::make_shared<const sweeps::SearchSubject>(sweeps::read_search_document(document));
}

std::optional<sweeps::ScoreOutcome> Coordinator::Impl::score_for(scheduler::StudyIndex study, const JobKey& key) const {
  const auto job = find(state_, key);
  if (!job) return std::nullopt;
  const sweeps::ScoreOutcome failed{.failed = true};
  if (state_.job(*job).state == scheduler::JobState::succeeded) {
    const auto known = scores_.find(*job);
    return known == scores_.end() ? failed : known->second;
  }
  // A job that failed for another study is tried again once this one wants it.
  if (scheduler::is_bad(state_.job(*job)) && belongs_to(state_, *job, study)) return failed;
  return std::nullopt;
}

void Coordinator::Impl::grow_all(scheduler::StudyIndex study, Change& change) {
  const auto subject = searches_.at(study).subject;
  for (const sweeps::CurvePlace& place : sweeps::curve_places(subject->study))
    grow(study, place, change);
}

void Coordinator::Impl::grow(scheduler::StudyIndex study, const sweeps::CurvePlace& place, Change& change) {
  if (state_.study(study).state == scheduler::StudyState::cancelled) return;
  const auto subject = searches_.at(study).subject;
  sweeps::SearchStep step =
      sweeps::next_points(*subject, place, [&](const JobKey& key) { return score_for(study, key); });
  auto growth = std::make_shared<Growth>();
  growth->study = number_of(study);
  growth->records = std::move(step.records);
  if (!has_models(state_, study, growth->records)) {
    spdlog::warn("the search of study {} stands still: this version names its models differently",
                 state_.study(study).id);
    return;
  }
  scheduler::JobsSubmitted event{state_.study(study).id, {}};
  for (sweeps::Job& job : step.jobs) {
    const auto known = find(state_, job.key);
    if (known && belongs_to(state_, *known, study)) continue;
    event.jobs.push_back(new_job(job));
    growth->jobs.push_back(std::move(job));
  }
  const std::size_t jobs_before = state_.jobs.size();
  const std::size_t rows_at = change.disk.steps.size();  // jobs have to be there before their states change
  if (!event.jobs.empty()) apply(event, change);
  add_rows(state_, jobs_before, *growth);
  change.disk.steps.insert(change.disk.steps.begin() + static_cast<std::ptrdiff_t>(rows_at),
                           [growth, now = utc_ms()](SQLite::Database& database, std::vector<ServerEvent>&) {
                             growth->write(database, now);
                           });
  change.disk.studies.insert(number_of(study));
  for (const sweeps::GuidanceRecord& record : growth->records) {
    for (const JobKey& key : {record.screen_key, record.point.score_key}) {
      if (const auto job = find(state_, key)) searches_.at(study).places[*job] = place;
    }
  }
  if (!event.jobs.empty()) grow(study, place, change);  // what joined may be known, or lost, already
}

void Coordinator::Impl::grow_after(const std::vector<scheduler::JobIndex>& jobs, Change& change) {
  std::set<std::pair<scheduler::StudyIndex, sweeps::CurvePlace>> wanted;
  for (const scheduler::JobIndex job : jobs) {
    for (const auto& [study, search] : searches_) {
      if (const auto place = search.places.find(job); place != search.places.end())
        wanted.emplace(study, place->second);
    }
  }
  for (const auto& [study, place] : wanted)
    grow(study, place, change);
}

void Coordinator::Impl::add_grown_jobs(scheduler::StudyIndex study, std::vector<scheduler::NewJob>& jobs) const {
  std::unordered_set<scheduler::Key, scheduler::KeyHash> known;
  for (const scheduler::NewJob& job : jobs)
    known.insert(job.key);
  std::vector<scheduler::JobIndex> grown = state_.study(study).jobs;
  std::ranges::sort(grown);  // inputs have smaller numbers
  for (const scheduler::JobIndex index : grown) {
    const scheduler::Job& job = state_.job(index);
    if (!known.insert(job.key).second) continue;
    scheduler::NewJob added{job.key, state_.kinds[at(job.kind)].name, job.priority, true, {}, {}};
    added.prefetch = state_.kinds[at(job.kind)].prefetch;
    added.placement = state_.shapes[at(job.shape)].placement;
    scheduler::for_each_input(state_, job,
                              [&](scheduler::JobIndex input) { added.inputs.push_back(state_.job(input).key); });
    jobs.push_back(std::move(added));
  }
}

}  // namespace checkerlab::coordinator
