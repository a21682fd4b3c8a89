#include "coordinator/store/result_rows.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/error.hpp"
#include "coordinator/store/sql.hpp"

namespace checkerlab::coordinator {
namespace {

// What a score's numbers were measured with.
struct Identity {
  std::int64_t n = 0;
  std::int64_t seed = 0;
  std::string network_sha256;
  std::string reference_sha256;
  std::string evaluator_version;
  std::string code_version;
  std::string precision;
};

constexpr std::array<const char*, 8> kScores{"fid",    "sfid", "inception_score", "precision",
                                             "recall", "kid",  "density",         "coverage"};

std::optional<double> metric(const rpc::JobResult& result, const std::string& name) {
  const auto found = result.metrics.find(name);
  if (found == result.metrics.end()) return std::nullopt;
  return found->second;
}

std::string input_artifact(SQLite::Database& database, std::int64_t job, const std::string& role) {
  std::string sha256;
  for_each_row(
      database,
      "SELECT a.sha256 FROM job_inputs i JOIN job_artifacts a ON a.job = i.input WHERE i.job = ? AND i.role = ? "
      "ORDER BY a.name",
      [&](SQLite::Statement& row) { sha256 = row.getColumn(0).getString(); }, job, role);
  return sha256;
}

// Of the first input whose role fits the pattern.
Json input_params(SQLite::Database& database, std::int64_t job, const std::string& role_pattern) {
  Json params = Json::object();
  for_each_row(
      database,
      "SELECT j.spec FROM job_inputs i JOIN jobs j ON j.number = i.input WHERE i.job = ? AND i.role GLOB ? "
      "ORDER BY i.role LIMIT 1",
      [&](SQLite::Statement& row) {
        params = Json::parse(row.getColumn(0).getString()).value("params", Json::object());
      },
      job, role_pattern);
  return params;
}

// A reference that a study names is known by the hash of its file, which anyone can take and other programs report;
// one that was computed here, by the hash of its statistics.
std::string reference_of(SQLite::Database& database, std::int64_t job) {
  const Json given = input_params(database, job, "reference").value("sha256", Json());
  return given.is_string() ? given.get<std::string>() : input_artifact(database, job, "reference");
}

Identity identity_of(SQLite::Database& database, const ResultRow& row) {
  const Json params = input_params(database, row.job, "shard.*");
  Identity identity;
  identity.n = static_cast<std::int64_t>(row.result.metrics.at("n"));
  identity.seed = params.at("seed").get<std::int64_t>();
  identity.precision = params.at("precision").get<std::string>();
  identity.network_sha256 = input_artifact(database, row.job, "network");
  identity.reference_sha256 = reference_of(database, row.job);
  identity.evaluator_version = row.result.identity.at("evaluator_version");
  const auto code = row.result.identity.find("code_version");
  identity.code_version = code == row.result.identity.end() ? row.code_version : code->second;
  return identity;
}

void record_measurements(SQLite::Database& database, const ResultRow& row, std::int64_t now) {
  const Identity identity = identity_of(database, row);
  for (const std::string name : kScores) {
    const auto value = metric(row.result, name);
    if (!value) continue;
    execute(database,
            "INSERT INTO measurements (job, metric, value, uncertainty, n, seed, network_sha256, reference_sha256, "
            "evaluator_version, code_version, precision, recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            row.job, name, *value, metric(row.result, name + "_uncertainty"), identity.n, identity.seed,
            identity.network_sha256, identity.reference_sha256, identity.evaluator_version, identity.code_version,
            identity.precision, now);
  }
}

}  // namespace

void record_result(SQLite::Database& database, const ResultRow& row, std::int64_t now) {
  execute(database,
          "INSERT INTO results (job, attempt, worker, code_version, result, recorded_at) VALUES (?, ?, ?, ?, ?, ?)",
          row.job, row.attempt, row.worker, row.code_version, rpc::encode_text(row.result), now);
  for (const rpc::ArtifactRef& artifact : row.result.artifacts) {
    execute(database, "INSERT OR IGNORE INTO artifacts (sha256, bytes, created_at) VALUES (?, ?, ?)", artifact.sha256,
            static_cast<std::int64_t>(artifact.bytes), now);
    execute(database, "INSERT INTO job_artifacts (job, name, sha256) VALUES (?, ?, ?)", row.job, artifact.name,
            artifact.sha256);
  }
  execute(database, "DELETE FROM checkpoints WHERE job = ?", row.job);
  if (row.kind == "score_point") record_measurements(database, row, now);
}

std::string result_problem(const std::string& kind, const rpc::JobResult& result) {
  for (std::size_t i = 0; i < result.artifacts.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (result.artifacts[i].name == result.artifacts[j].name) {
        return "two artifacts are named '" + result.artifacts[i].name + "'";
      }
    }
  }
  if (kind != "score_point") return "";
  if (!metric(result, "n")) return "a score without metric 'n'";
  if (std::ranges::none_of(kScores, [&](const char* name) { return metric(result, name).has_value(); }))
    return "a score without any of its metrics";
  if (!result.identity.contains("evaluator_version")) return "a score without identity.evaluator_version";
  return "";
}

}  // namespace checkerlab::coordinator
