// How long what is left takes: counts and specs of open jobs, and like jobs that were done, from the database. A sample
// of each stands for all, so that it costs about the same with a million jobs.
#include <algorithm>
#include <map>
#include <unordered_map>

#include "coordinator/store/documents.hpp"
#include "coordinator/store/forecast.hpp"
#include "coordinator/store/read_models.hpp"
#include "coordinator/store/sql.hpp"
#include "sweeps/work.hpp"

namespace checkerlab::coordinator {
namespace {

constexpr std::int64_t kSample = 200;

// Finished jobs with their time; the newest of this study, or of all among the last twenty thousand.
constexpr const char* kOfStudy =
    "SELECT j.spec, j.finished_at - j.started_at, json_extract(w.device, '$.type') = 'cuda', "
    "(SELECT COUNT(*) FROM attempt_ranks a WHERE a.job = j.number AND a.attempt = r.attempt) FROM study_jobs sj "
    "JOIN jobs j ON j.number = sj.job JOIN results r ON r.job = j.number LEFT JOIN workers w ON w.id = r.worker "
    "WHERE sj.study = ?1 AND j.kind = ?2 AND j.state = 'succeeded' AND j.finished_at >= j.started_at "
    "ORDER BY sj.job DESC LIMIT ?3";
constexpr const char* kOfOthers =
    "SELECT j.spec, j.finished_at - j.started_at, json_extract(w.device, '$.type') = 'cuda', "
    "(SELECT COUNT(*) FROM attempt_ranks a WHERE a.job = j.number AND a.attempt = r.attempt) FROM "
    "(SELECT * FROM jobs WHERE rank = 5 ORDER BY number DESC LIMIT 20000) j "
    "JOIN results r ON r.job = j.number LEFT JOIN workers w ON w.id = r.worker "
    "WHERE j.kind = ?1 AND j.finished_at >= j.started_at LIMIT ?2";
constexpr const char* kOpenSpecs =
    "SELECT j.spec FROM study_jobs sj JOIN jobs j ON j.number = sj.job "
    "WHERE sj.study = ?1 AND j.kind = ?2 AND j.rank IN (1, 2, 3) LIMIT ?3";

// Specs by key: planned ones, and those of the database.
class Specs {
 public:
  explicit Specs(SQLite::Database& database, const sweeps::Plan* plan = nullptr) : database_(database) {
    if (plan == nullptr) return;
    for (const sweeps::Job& job : plan->jobs)
      planned_.emplace(job.key.str(), &job.spec);
  }

  // Null when no job has the key.
  const Json* find(const std::string& key) {
    if (const auto planned = planned_.find(key); planned != planned_.end()) return planned->second;
    if (const auto found = known_.find(key); found != known_.end()) return &found->second;
    const Json* spec = nullptr;
    for_each_row(
        database_,
        "SELECT j.spec, json_extract(r.result, '$.metrics.train_images') FROM jobs j "
        "LEFT JOIN results r ON r.job = j.number WHERE j.key = ?",
        [&](SQLite::Statement& row) {
          Json json = Json::parse(row.getColumn(0).getString());
          if (!row.getColumn(1).isNull()) json["params"]["images_train"] = row.getColumn(1).getInt64();
          spec = &known_.emplace(key, std::move(json)).first->second;
        },
        key);
    return spec;
  }

  // How much there is to do, or 0 when that is not known, as for specs of another version.
  double work(const Json& spec) {
    try {
      const auto work = sweeps::work_of(spec, [&](const std::string& key) { return find(key); }, {});
      return work ? work->units * work->gflop : 0;
    } catch (const Json::exception&) {
      return 0;
    }
  }

 private:
  SQLite::Database& database_;
  std::unordered_map<std::string, const Json*> planned_;
  std::map<std::string, Json> known_;
};

// Compares by work where that of all is known, else takes all jobs of the kind as equal.
void set_work(OpenStage& stage, const std::vector<double>& open) {
  const bool known = !open.empty() && std::ranges::all_of(open, [](double work) { return work > 0; }) &&
                     std::ranges::all_of(stage.like, [](const LikeJob& job) { return job.work > 0; });
  stage.work = known ? 0 : 1;
  for (const double work : open)
    stage.work += known ? work / static_cast<double>(open.size()) : 0;
  for (LikeJob& job : stage.like)
    job.work = known ? job.work : 1;
}

template <class... Values>
void add_like(OpenStage& stage, SQLite::Database& database, Specs& specs, const char* sql, const char* of,
              const Values&... values) {
  if (!stage.like.empty()) return;
  constexpr double kMillisecond = 1e-3;
  for_each_row(
      database, sql,
      [&](SQLite::Statement& row) {
        stage.like.push_back({static_cast<double>(row.getColumn(1).getInt64()) * kMillisecond,
                              specs.work(Json::parse(row.getColumn(0).getString())), row.getColumn(2).getInt() != 0,
                              std::max(1.0, row.getColumn(3).getDouble())});
      },
      values..., kSample);
  stage.of = stage.like.empty() ? "none" : of;
}

std::int64_t open_slots(SQLite::Database& database) {
  std::int64_t slots = 0;
  for_each_row(database,
               "SELECT COALESCE(SUM(slots), 0) FROM workers WHERE state = 'online' AND quarantined_until IS NULL "
               "AND NOT EXISTS (SELECT 1 FROM cordons WHERE worker IN (id, name))",
               [&](SQLite::Statement& row) { slots = row.getColumn(0).getInt64(); });
  return slots;
}

// What running jobs of each kind have done already, in jobs.
std::map<std::string, double> running_work(SQLite::Database& database, std::int64_t study) {
  std::map<std::string, double> done;
  for_each_row(
      database,
      "SELECT j.kind, SUM(MIN(1.0, json_extract(j.progress, '$.done') * 1.0 / json_extract(j.progress, '$.total'))) "
      "FROM jobs j JOIN study_jobs sj ON sj.job = j.number AND sj.study = ? "
      "WHERE j.rank = 1 AND json_extract(j.progress, '$.total') > 0 GROUP BY j.kind",
      [&](SQLite::Statement& row) { done[row.getColumn(0).getString()] = row.getColumn(1).getDouble(); }, study);
  return done;
}

std::vector<OpenStage> open_stages(SQLite::Database& database, std::int64_t study) {
  std::vector<OpenStage> stages;
  auto done = running_work(database, study);
  for_each_row(
      database, "SELECT kind, blocked + queued + running FROM study_stages WHERE study = ? ORDER BY position",
      [&](SQLite::Statement& row) {
        const std::string kind = row.getColumn(0).getString();
        const auto open = static_cast<double>(row.getColumn(1).getInt64());
        if (open > 0) stages.push_back({kind, std::max(0.0, open - done[kind]), 1, {}, "none"});
      },
      study);
  return stages;
}

}  // namespace

Json ReadModels::forecast(const std::string& id_or_name) const {
  return store_.read([&](SQLite::Database& database) {
    const std::int64_t study = find_study(database, id_or_name);
    Specs specs(database);
    std::vector<OpenStage> stages = open_stages(database, study);
    for (OpenStage& stage : stages) {
      add_like(stage, database, specs, kOfStudy, "study", study, stage.kind);
      add_like(stage, database, specs, kOfOthers, "others", stage.kind);
      std::vector<double> open;
      for_each_row(
          database, kOpenSpecs,
          [&](SQLite::Statement& row) { open.push_back(specs.work(Json::parse(row.getColumn(0).getString()))); }, study,
          stage.kind, kSample);
      set_work(stage, open);
    }
    return forecast_document(stages, open_slots(database));
  });
}

Json ReadModels::forecast(const sweeps::Plan& plan, const std::map<std::string, std::int64_t>& open) const {
  return store_.read([&](SQLite::Database& database) {
    Specs specs(database, &plan);
    std::map<std::string, std::vector<double>> works;
    std::vector<OpenStage> stages;
    for (const sweeps::Job& job : plan.jobs) {
      const auto count = open.find(job.kind);
      if (count == open.end() || count->second == 0) continue;
      std::vector<double>& known = works[job.kind];
      if (known.empty()) stages.push_back({job.kind, static_cast<double>(count->second), 1, {}, "none"});
      if (static_cast<std::int64_t>(known.size()) < kSample) known.push_back(specs.work(job.spec));
    }
    for (OpenStage& stage : stages) {
      add_like(stage, database, specs, kOfOthers, "others", stage.kind);
      set_work(stage, works[stage.kind]);
    }
    return forecast_document(stages, open_slots(database));
  });
}

}  // namespace checkerlab::coordinator
