#include "cli/results/rows.hpp"

#include <algorithm>

#include "cli/figure/from_api.hpp"
#include "rpc/fields.hpp"

namespace checkerlab::cli {
namespace {

using Json = nlohmann::json;

std::optional<figure::Measured> measured(const rpc::Fields& row, const std::string& name) {
  if (!row.has(name)) return std::nullopt;
  figure::Measured value{.value = row.number(name), .uncertainty = std::nullopt};
  if (row.has(name + "_uncertainty")) value.uncertainty = row.number(name + "_uncertainty");
  return value;
}

std::optional<figure::Range> range_of(const rpc::Fields& row) {
  if (!row.has("is_mean") || !row.has("is_min") || !row.has("is_max")) return std::nullopt;
  return figure::Range{row.number("is_mean"), row.number("is_min"), row.number("is_max")};
}

figure::Point point_of(const rpc::Fields& row) {
  return {.steps_per_scale = static_cast<int>(row.integer("steps_per_scale", 1, 1 << 30)),
          .total_steps = static_cast<int>(row.integer("total_steps", 1, 1 << 30)),
          .guidance = row.number("guidance"),
          .samples = row.integer("n", 0),
          .fid = measured(row, "fid"),
          .inception_score = measured(row, "inception_score"),
          .inception_range = range_of(row)};
}

MeasuredHow way_of(const rpc::Fields& row) {
  return {.seed = row.integer("seed"),
          .network_sha256 = row.text("network_sha256"),
          .reference_sha256 = row.text("reference_sha256"),
          .evaluator_version = row.text("evaluator_version"),
          .code_version = row.text("code_version"),
          .precision = row.text("precision")};
}

}  // namespace

std::vector<ResultRow> result_rows(const Json& document) {
  std::vector<ResultRow> rows;
  rpc::Fields(document, "figure").each("series", [&](const Json& item, const std::string& path) {
    const rpc::Fields series(item, path);
    const std::string ratio = series.text("ratio");
    series.each("points", [&](const Json& point, const std::string& point_path) {
      const rpc::Fields row(point, point_path);
      rows.push_back({.ratio = ratio, .label = figure::ratio_label(ratio), .point = point_of(row), .how = way_of(row)});
    });
  });
  return rows;
}

std::vector<MeasuredHow> distinct_ways(const std::vector<ResultRow>& rows) {
  std::vector<MeasuredHow> ways;
  for (const ResultRow& row : rows) {
    if (std::find(ways.begin(), ways.end(), row.how) == ways.end()) ways.push_back(row.how);
  }
  return ways;
}

std::string describe(const MeasuredHow& how) {
  return "seed " + std::to_string(how.seed) + ", feature network " + how.network_sha256.substr(0, 8) + ", reference " +
         how.reference_sha256.substr(0, 8) + ", evaluator " + how.evaluator_version + ", code " + how.code_version +
         ", " + how.precision;
}

std::string way_mark(std::size_t index) {
  return index < 26 ? "(" + std::string(1, static_cast<char>('a' + index)) + ")"
                    : "(" + std::to_string(index + 1) + ")";
}

}  // namespace checkerlab::cli
