#include "coordinator/store/study_diff.hpp"

#include <algorithm>
#include <map>
#include <unordered_set>

#include "base/error.hpp"
#include "coordinator/store/sql.hpp"

namespace checkerlab::coordinator {
namespace {

Json name_of(SQLite::Database& database, std::int64_t study, std::optional<std::int64_t> revision) {
  Json name;
  for_each_row(
      database, "SELECT name, id, revision FROM studies WHERE number = ?",
      [&](SQLite::Statement& row) {
        name = {{"study", row.getColumn(0).getString()},
                {"id", row.getColumn(1).getString()},
                {"revision", revision.value_or(row.getColumn(2).getInt64())}};
      },
      study);
  return name;
}

DiffJob job_of(SQLite::Statement& row) {
  return {row.getColumn(0).getString(), row.getColumn(1).getString(), row.getColumn(2).getString()};
}

// What the database knows of a key.
struct Known {
  std::string state = "new";  // nobody has asked for it yet
  bool elsewhere = false;     // a study besides the one in question wants it
};

class Lookup {
 public:
  Lookup(SQLite::Database& database, std::int64_t study)
      : statement_(database,
                   "SELECT CASE WHEN doomed THEN 'failed' ELSE state END, EXISTS (SELECT 1 FROM study_jobs sj "
                   "JOIN studies s ON s.number = sj.study WHERE sj.job = j.number AND sj.study <> ?2 "
                   "AND s.state <> 'cancelled') FROM jobs j WHERE j.key = ?1"),
        study_(study) {}

  Known operator()(const std::string& key) {
    bind_all(statement_, key, study_);
    Known known;
    if (statement_.executeStep()) known = {statement_.getColumn(0).getString(), statement_.getColumn(1).getInt() != 0};
    statement_.reset();
    return known;
  }

 private:
  SQLite::Statement statement_;
  std::int64_t study_;
};

bool is_open(const std::string& state) {
  return state == "blocked" || state == "queued" || state == "running";
}

std::unordered_set<std::string> keys_of(const std::vector<DiffJob>& jobs) {
  std::unordered_set<std::string> keys;
  for (const DiffJob& job : jobs)
    keys.insert(job.key);
  return keys;
}

struct Tally {
  std::int64_t jobs = 0;
  std::int64_t points = 0;

  void count(const DiffJob& job) {
    ++jobs;
    points += job.kind == "score_point";
  }
  Json document() const { return {{"jobs", jobs}, {"points", points}}; }
};

Json item(const DiffJob& job, const char* change, const std::string& state) {
  return {{"key", job.key}, {"kind", job.kind}, {"label", job.label}, {"change", change}, {"state", state}};
}

}  // namespace

DiffSide side_of_study(SQLite::Database& database, std::int64_t study) {
  DiffSide side{name_of(database, study, std::nullopt), {}, study};
  for_each_row(
      database,
      "SELECT j.key, j.kind, j.label FROM study_jobs sj JOIN jobs j ON j.number = sj.job WHERE sj.study = ? "
      "ORDER BY sj.job",
      [&](SQLite::Statement& row) { side.jobs.push_back(job_of(row)); }, study);
  return side;
}

DiffSide side_of_revision(SQLite::Database& database, std::int64_t study, std::int64_t revision) {
  DiffSide side = side_of_study(database, study);
  const auto present = side.name.at("revision").get<std::int64_t>();
  if (revision < 1 || revision > present) {
    throw Error(
        ErrorCode::not_found,
        "the study " + side.name.at("study").get<std::string>() + " has no revision " + std::to_string(revision),
        "Its revisions are 1 to " + std::to_string(present) + ".");
  }
  side.name["revision"] = revision;
  // From the present set back through the changes, the latest first.
  std::map<std::string, DiffJob> jobs;
  for (const DiffJob& job : side.jobs)
    jobs[job.key] = job;
  for_each_row(
      database,
      "SELECT j.key, j.kind, j.label, r.change FROM study_revision_jobs r JOIN jobs j ON j.number = r.job "
      "WHERE r.study = ? AND r.revision > ? ORDER BY r.revision DESC",
      [&](SQLite::Statement& row) {
        const DiffJob job = job_of(row);
        if (row.getColumn(3).getString() == "added") {
          jobs.erase(job.key);
        } else {
          jobs[job.key] = job;
        }
      },
      study, revision);
  side.jobs.clear();
  for (auto& [key, job] : jobs)
    side.jobs.push_back(std::move(job));
  return side;
}

Json sharing_studies(SQLite::Database& database, const std::vector<std::string>& keys,
                     const std::vector<std::int64_t>& without) {
  SQLite::Statement statement(database,
                              "SELECT sj.study FROM jobs j JOIN study_jobs sj ON sj.job = j.number WHERE j.key = ?");
  std::map<std::int64_t, std::int64_t> shared;
  for (const std::string& key : keys) {
    statement.bind(1, key);
    while (statement.executeStep())
      ++shared[statement.getColumn(0).getInt64()];
    statement.reset();
  }
  for (const std::int64_t study : without)
    shared.erase(study);
  std::vector<std::pair<std::int64_t, std::int64_t>> most(shared.begin(), shared.end());
  std::ranges::stable_sort(most, std::greater<>(), [](const auto& entry) { return entry.second; });
  Json studies = Json::array();
  for (const auto& [study, jobs] : most) {
    const Json name = name_of(database, study, std::nullopt);
    studies.push_back({{"id", name.at("id")}, {"name", name.at("study")}, {"jobs", jobs}});
  }
  return studies;
}

Json diff_document(SQLite::Database& database, const DiffSide& from, const DiffSide& to) {
  Lookup lookup(database, from.study);
  const auto before = keys_of(from.jobs);
  const auto after = keys_of(to.jobs);
  Tally added, removed, shared;
  std::int64_t fresh = 0, done = 0, cancelled = 0;
  Json items = Json::array();
  const auto list = [&](const DiffJob& job, const char* change, const Known& known) {
    if (items.size() < kMostDiffItems) items.push_back(item(job, change, known.state));
  };
  std::vector<std::string> wanted;
  for (const DiffJob& job : to.jobs) {
    wanted.push_back(job.key);
    if (before.contains(job.key)) {
      shared.count(job);
      continue;
    }
    const Known known = lookup(job.key);
    added.count(job);
    fresh += known.state == "new";
    done += known.state == "succeeded";
    list(job, "added", known);
  }
  for (const DiffJob& job : from.jobs) {
    if (after.contains(job.key)) continue;
    const Known known = lookup(job.key);
    removed.count(job);
    cancelled += is_open(known.state) && !known.elsewhere;
    list(job, "removed", known);
  }
  return {{"from", from.name},
          {"to", to.name},
          {"added", added.document()},
          {"removed", removed.document()},
          {"shared", shared.document()},
          {"jobs_new", fresh},
          {"jobs_done", done},
          {"jobs_cancelled", cancelled},
          {"shared_with", sharing_studies(database, wanted, {from.study, to.study})},
          {"items", items},
          {"truncated", added.jobs + removed.jobs > static_cast<std::int64_t>(items.size())}};
}

}  // namespace checkerlab::coordinator
