#include "coordinator/store/documents.hpp"
#include "coordinator/store/sql.hpp"

namespace checkerlab::coordinator {
namespace {

constexpr const char* kPoints =
    "SELECT s.key, m.key, p.ratio, p.ratio_value, p.sizes, p.steps_per_scale, p.total_steps, p.guidance, "
    "p.guidance_start_step, p.seed, COALESCE(f.n, i.n, p.samples), s.state, f.value, f.uncertainty, i.value, "
    "i.uncertainty, "
    "COALESCE(f.network_sha256, i.network_sha256), COALESCE(f.reference_sha256, i.reference_sha256), "
    "COALESCE(f.evaluator_version, i.evaluator_version), COALESCE(f.code_version, i.code_version), "
    "COALESCE(f.precision, i.precision) FROM points p "
    "JOIN jobs s ON s.number = p.score_job JOIN jobs m ON m.number = p.model_job "
    "LEFT JOIN measurements f ON f.job = p.score_job AND f.metric = 'fid' "
    "LEFT JOIN measurements i ON i.job = p.score_job AND i.metric = 'inception_score' "
    "WHERE p.study = ?1 AND (?2 IS NULL OR p.score_job = ?2) ORDER BY p.position";

Json identity_of(SQLite::Statement& row) {
  if (row.getColumn(16).isNull()) return nullptr;
  return {{"network_sha256", row.getColumn(16).getString()},
          {"reference_sha256", row.getColumn(17).getString()},
          {"evaluator_version", row.getColumn(18).getString()},
          {"code_version", row.getColumn(19).getString()},
          {"precision", row.getColumn(20).getString()}};
}

Json point_of(SQLite::Statement& row) {
  return {{"score_key", row.getColumn(0).getString()},
          {"model_key", row.getColumn(1).getString()},
          {"ratio", row.getColumn(2).getString()},
          {"ratio_value", number_or_null(row.getColumn(3))},
          {"sizes", Json::parse(row.getColumn(4).getString())},
          {"steps_per_scale", row.getColumn(5).getInt64()},
          {"total_steps", row.getColumn(6).getInt64()},
          {"guidance", row.getColumn(7).getDouble()},
          {"guidance_start_step", row.getColumn(8).getInt64()},
          {"seed", row.getColumn(9).getInt64()},
          {"n", row.getColumn(10).getInt64()},
          {"state", row.getColumn(11).getString()},
          {"fid", number_or_null(row.getColumn(12))},
          {"fid_uncertainty", number_or_null(row.getColumn(13))},
          {"inception_score", number_or_null(row.getColumn(14))},
          {"inception_score_uncertainty", number_or_null(row.getColumn(15))},
          {"identity", identity_of(row)}};
}

}  // namespace

Json point_documents(SQLite::Database& database, std::int64_t study, std::optional<std::int64_t> score_job) {
  Json points = Json::array();
  for_each_row(
      database, kPoints, [&](SQLite::Statement& row) { points.push_back(point_of(row)); }, study, score_job);
  return points;
}

}  // namespace checkerlab::coordinator
