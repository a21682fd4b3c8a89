#include "tests/simulation/checks/database_checks.hpp"

#include <algorithm>
#include <array>

#include "coordinator/store/rank_rows.hpp"
#include "coordinator/store/sql.hpp"

namespace checkerlab::simulation {
namespace {

using coordinator::for_each_row;
using namespace coordinator::scheduler;

// Each gives rows that must not be there; the first column says which.
struct Forbidden {
  const char* what;
  const char* sql;
};

constexpr std::array<Forbidden, 17> kForbidden{{
    {"the ranks of an attempt are not numbered from 0, or two are at one worker",
     "SELECT j.key FROM attempt_ranks r JOIN jobs j ON j.number = r.job GROUP BY r.job, r.attempt HAVING COUNT(*) < 2 "
     "OR "
     "COUNT(*) <> MAX(r.rank) + 1 OR COUNT(*) <> COUNT(DISTINCT r.worker)"},
    {"the first rank of an attempt is not at the attempt's worker",
     "SELECT j.key FROM attempt_ranks r JOIN jobs j ON j.number = r.job LEFT JOIN attempts a ON a.job = r.job AND "
     "a.number = r.attempt WHERE r.rank = 0 AND a.worker IS NOT r.worker"},
    {"a rank goes on after its attempt, or an attempt without its leader",
     "SELECT j.key FROM attempt_ranks r JOIN jobs j ON j.number = r.job JOIN attempts a ON a.job = r.job AND a.number "
     "= "
     "r.attempt WHERE CASE WHEN a.state IN ('assigned', 'running') THEN r.rank = 0 AND r.ended_at IS NOT NULL ELSE "
     "r.ended_at IS NULL END"},
    {"a job is succeeded without a result, or has one without being it",
     "SELECT j.key FROM jobs j WHERE (j.state = 'succeeded') <> EXISTS (SELECT 1 FROM results r WHERE r.job = "
     "j.number)"},
    {"a job has another number of present attempts than its state says",
     "SELECT j.key FROM jobs j WHERE (SELECT COUNT(*) FROM attempts a WHERE a.job = j.number AND a.state IN "
     "('assigned', 'running')) <> (j.state = 'running')"},
    {"the attempts of a job are not numbered from 1 without gaps",
     "SELECT j.key FROM jobs j LEFT JOIN (SELECT job, COUNT(*) AS n, MAX(number) AS last FROM attempts GROUP BY job) a "
     "ON a.job = j.number WHERE j.attempt <> COALESCE(a.n, 0) OR j.attempt <> COALESCE(a.last, 0)"},
    {"a result is not of the last attempt, which succeeded at the worker that had it",
     "SELECT j.key FROM results r JOIN jobs j ON j.number = r.job LEFT JOIN attempts a ON a.job = r.job AND a.number = "
     "r.attempt WHERE r.attempt <> j.attempt OR a.state IS NOT 'succeeded' OR a.worker <> r.worker"},
    {"a result was not made by the attempt that it is recorded for",
     "SELECT j.key FROM results r JOIN jobs j ON j.number = r.job WHERE json_extract(r.result, '$.metrics.attempt') IS "
     "NOT r.attempt"},
    {"more than one attempt of a job succeeded",
     "SELECT job FROM attempts WHERE state = 'succeeded' GROUP BY job HAVING COUNT(*) > 1"},
    {"a study is succeeded and not all of its jobs are",
     "SELECT s.id FROM studies s WHERE s.state = 'succeeded' AND EXISTS (SELECT 1 FROM study_jobs l JOIN jobs j ON "
     "j.number = l.job WHERE l.study = s.number AND j.state <> 'succeeded')"},
    {"a study counts other jobs than it has",
     "SELECT s.id FROM studies s WHERE s.jobs_total <> (SELECT COUNT(*) FROM study_jobs l WHERE l.study = s.number)"},
    {"a study's present revision is not its last, or one is missing before it",
     "SELECT s.id FROM studies s WHERE (s.revision, s.revision) <> (SELECT MAX(r.number), COUNT(*) FROM "
     "study_revisions "
     "r WHERE r.study = s.number)"},
    {"a stage counts other jobs than it has",
     "SELECT s.kind FROM study_stages s WHERE (s.total, s.blocked, s.queued, s.running, s.succeeded, s.failed, "
     "s.cancelled) <> (SELECT COUNT(*), SUM(j.state = 'blocked'), SUM(j.state = 'queued'), SUM(j.state = 'running'), "
     "SUM(j.state = 'succeeded'), SUM(j.state = 'failed'), SUM(j.state = 'cancelled') FROM study_jobs l JOIN jobs j ON "
     "j.number = l.job WHERE l.study = s.study AND j.kind = s.kind)"},
    {"a score is succeeded without a measurement",
     "SELECT j.key FROM jobs j WHERE j.kind = 'score_point' AND j.state = 'succeeded' AND NOT EXISTS (SELECT 1 FROM "
     "measurements m WHERE m.job = j.number)"},
    {"a failed job does not say why", "SELECT key FROM jobs WHERE state = 'failed' AND error IS NULL"},
    {"a search ended before it had decided",
     "SELECT s.id FROM studies s JOIN searches h ON h.study = s.number WHERE s.state = 'succeeded' AND (NOT EXISTS "
     "(SELECT 1 FROM guidance_values v WHERE v.study = s.number) OR EXISTS (SELECT 1 FROM guidance_values v WHERE "
     "v.study = s.number AND v.decision = 'open'))"},
    {"a job runs although an input has no result",
     "SELECT j.key FROM jobs j JOIN job_inputs i ON i.job = j.number JOIN jobs u ON u.number = i.input WHERE j.state "
     "IN "
     "('queued', 'running', 'succeeded') AND u.state <> 'succeeded'"},
}};

constexpr std::array<Forbidden, 4> kNotAtTheEnd{{
    {"a study has not ended", "SELECT id FROM studies WHERE state IN ('queued', 'running')"},
    {"an attempt has not ended", "SELECT job FROM attempts WHERE state IN ('assigned', 'running')"},
    {"a study failed without a job that did",
     "SELECT s.id FROM studies s WHERE s.state = 'failed' AND NOT EXISTS (SELECT 1 FROM study_jobs l JOIN jobs j ON "
     "j.number = l.job WHERE l.study = s.number AND (j.state = 'failed' OR j.state = 'cancelled'))"},
    {"a job failed although its last attempt did not end badly",
     "SELECT j.key FROM jobs j WHERE j.state = 'failed' AND (SELECT a.state FROM attempts a WHERE a.job = j.number AND "
     "a.number = j.attempt) NOT IN ('failed', 'crashed', 'lost')"},
}};

template <class List>
void expect_none(SQLite::Database& database, const List& list, const ReportProblem& report) {
  for (const Forbidden& forbidden : list) {
    SQLite::Statement rows(database, forbidden.sql);
    if (rows.executeStep()) report(std::string(forbidden.what) + ": " + rows.getColumn(0).getString().substr(0, 12));
  }
}

// Workers of running attempts that several do, with those that are done in brackets.
std::string ranks_on_disk(const std::vector<RestoredRank>& ranks) {
  std::string text;
  for (const RestoredRank& rank : ranks)
    text += rank.done ? " (" + rank.worker + ")" : " " + rank.worker;
  return text;
}

std::string ranks_in_memory(const State& state, JobIndex job, const Gang& gang) {
  std::vector<RestoredRank> ranks;
  for (const WorkerIndex index : gang.workers) {
    const Worker& worker = state.worker(index);
    const bool holds = std::ranges::any_of(
        worker.holds, [&](const Hold& hold) { return hold.job == job && hold.number == state.job(job).attempt; });
    ranks.push_back({worker.id, !holds});
  }
  return ranks_on_disk(ranks);
}

void check_gangs(SQLite::Database& database, const State& state, const ReportProblem& report) {
  const auto disk = coordinator::load_ranks(database);
  if (disk.size() != state.gangs.size()) report("there are other gangs on disk than in memory");
  for (const auto& [number, ranks] : disk) {
    const auto job = static_cast<JobIndex>(number - 1);
    const auto gang = state.gangs.find(job);
    const std::string memory = gang == state.gangs.end() ? "" : ranks_in_memory(state, job, gang->second);
    if (memory != ranks_on_disk(ranks))
      report("the gang on disk is" + ranks_on_disk(ranks) + " and that in memory" + memory);
  }
}

std::string worker_of(const State& state, const Job& job) {
  return job.worker == kNoWorker ? "" : state.worker(job.worker).id;
}

void check_job(SQLite::Statement& row, const State& state, const ReportProblem& report) {
  const auto number = static_cast<std::size_t>(row.getColumn(0).getInt64());
  const std::string key = row.getColumn(1).getString();
  if (number > state.jobs.size() || to_hex(state.jobs[number - 1].key) != key) {
    report("job " + key.substr(0, 8) + " is in the database only");
    return;
  }
  const Job& job = state.jobs[number - 1];
  const std::string disk = row.getColumn(2).getString() + (row.getColumn(5).getInt() != 0 ? ", doomed" : "");
  const std::string memory = std::string(to_string(job.state)) + (is_doomed(job) ? ", doomed" : "");
  if (disk != memory) report("job " + key.substr(0, 8) + " is " + disk + " on disk and " + memory + " in memory");
  if (row.getColumn(3).getUInt() != job.attempt || row.getColumn(4).getUInt() != job.tries)
    report("job " + key.substr(0, 8) + " has other attempts or tries on disk than in memory");
  if (row.getColumn(7).getUInt() != job.losses || row.getColumn(8).getUInt() != job.preemptions)
    report("job " + key.substr(0, 8) + " has other losses or preemptions on disk than in memory");
  // One that ended while no coordinator ran stays on disk until the job goes on.
  if (job.resting && row.getColumn(9).getInt() == 0) report("job " + key.substr(0, 8) + " rests in memory alone");
  if (job.state == JobState::running && row.getColumn(6).getString() != worker_of(state, job))
    report("job " + key.substr(0, 8) + " runs at another worker on disk than in memory");
}

void check_study(SQLite::Statement& row, const State& state, const ReportProblem& report) {
  const std::string id = row.getColumn(0).getString();
  const std::string disk = row.getColumn(1).getString();
  const auto index = state.find_study(id);
  if (!index) return report("study " + id + " is in the database only");
  const Study& study = state.study(*index);
  if (to_string(study.state) != disk)
    report("study " + id + " is " + disk + " on disk and " + std::string(to_string(study.state)) + " in memory");
  const std::string pin = study.pin == kAnyCode ? "" : state.codes[at(study.pin)];
  if ((row.getColumn(2).getInt() != 0) != study.paused || row.getColumn(3).getString() != pin)
    report("study " + id + " is paused or pinned on disk or in memory alone");
  if (row.getColumn(4).getUInt() != study.jobs.size()) report("study " + id + " has other jobs on disk than in memory");
}

}  // namespace

void check_tables(SQLite::Database& database, const ReportProblem& report) {
  expect_none(database, kForbidden, report);
}

void check_integrity(SQLite::Database& database, const ReportProblem& report) {
  const std::string answer = database.execAndGet("PRAGMA integrity_check").getString();
  if (answer != "ok") report("PRAGMA integrity_check: " + answer);
  SQLite::Statement references(database, "PRAGMA foreign_key_check");
  if (references.executeStep())
    report("a row of table " + references.getColumn(0).getString() + " refers to one that is not there");
}

void check_agreement(SQLite::Database& database, const State& state, const ReportProblem& report) {
  std::size_t jobs = 0;
  for_each_row(database,
               "SELECT number, key, state, attempt, tries, doomed, COALESCE(worker, ''), losses, preemptions, "
               "retry_at IS NOT NULL FROM jobs",
               [&](SQLite::Statement& row) {
                 ++jobs;
                 check_job(row, state, report);
               });
  if (jobs != state.jobs.size()) report("there are jobs in memory that are not in the database");
  std::size_t studies = 0;
  for_each_row(database, "SELECT id, state, paused, COALESCE(code, ''), jobs_total FROM studies ORDER BY number",
               [&](SQLite::Statement& row) {
                 ++studies;
                 check_study(row, state, report);
               });
  if (studies != state.studies.size()) report("there are studies in memory that are not in the database");
  check_gangs(database, state, report);
}

void check_all_ended(SQLite::Database& database, const ReportProblem& report) {
  expect_none(database, kNotAtTheEnd, report);
}

}  // namespace checkerlab::simulation
