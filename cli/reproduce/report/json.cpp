#include "cli/reproduce/report/writers.hpp"

namespace checkerlab::cli::reproduce {
namespace {

using Json = nlohmann::json;

Json cell_json(const ComparedCell& cell) {
  Json json{
      {"metric", cell.printed.metric}, {"printed", cell.printed.value},           {"ours", nullptr},
      {"ours_uncertainty", nullptr},   {"verdict", to_string(cell.verdict.kind)}, {"reasons", cell.verdict.reasons}};
  if (cell.ours) {
    json["ours"] = cell.ours->value;
    if (cell.ours->uncertainty) json["ours_uncertainty"] = *cell.ours->uncertainty;
  }
  if (cell.verdict.kind == VerdictKind::agrees || cell.verdict.kind == VerdictKind::differs) {
    json["difference"] = cell.verdict.difference;
    json["standard_error"] = cell.verdict.standard_error;
  }
  return json;
}

Json table_json(const ComparedTable& table) {
  Json rows = Json::array();
  for (const ComparedRow& row : table.rows) {
    Json cells = Json::array();
    for (const ComparedCell& cell : row.cells)
      cells.push_back(cell_json(cell));
    rows.push_back({{"name", row.name}, {"measured_as", row.measured_as}, {"cells", cells}});
  }
  return {{"caption", table.caption}, {"conditions", table.conditions}, {"rows", rows}};
}

}  // namespace

Json to_json(const Report& report) {
  Json json{{"item", report.item},      {"title", report.title},     {"notes", report.notes},
            {"tables", Json::array()},  {"measured", Json::array()}, {"claims", Json::array()},
            {"pictures", Json::array()}};
  for (const ComparedTable& table : report.compared)
    json["tables"].push_back(table_json(table));
  for (const MeasuredTable& table : report.measured)
    json["measured"].push_back({{"caption", table.caption}, {"columns", table.columns}, {"rows", table.rows}});
  for (const Claim& claim : report.claims)
    json["claims"].push_back({{"id", claim.id},
                              {"statement", claim.statement},
                              {"rule", claim.rule},
                              {"finding", to_string(claim.finding)},
                              {"why", claim.why},
                              {"evidence", claim.evidence}});
  for (const Picture& picture : report.pictures)
    json["pictures"].push_back(picture.file);
  return json;
}

}  // namespace checkerlab::cli::reproduce
