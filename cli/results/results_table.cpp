#include "cli/results/results_table.hpp"

#include <algorithm>

#include "base/text/number.hpp"
#include "rpc/fields.hpp"

namespace checkerlab::cli {
namespace {

using Json = nlohmann::json;

std::string measured_text(const std::optional<figure::Measured>& measured) {
  return measured ? with_uncertainty(measured->value, measured->uncertainty) : "–";
}

// Shortest text that reads back as the same double.
std::string exact(double value) {
  return Json(value).dump();
}

std::string exact_value(const std::optional<figure::Measured>& measured) {
  return measured ? exact(measured->value) : "";
}

std::string exact_uncertainty(const std::optional<figure::Measured>& measured) {
  return measured && measured->uncertainty ? exact(*measured->uncertainty) : "";
}

// "5.21 (5.08–5.33)"; the mean alone where it is the only value.
std::string range_text(const std::optional<figure::Range>& range) {
  if (!range) return "–";
  if (range->least == range->most) return compact(range->mean, 3);
  return compact(range->mean, 3) + " (" + compact(range->least, 3) + "–" + compact(range->most, 3) + ")";
}

std::string exact_part(const std::optional<figure::Range>& range, double figure::Range::*part) {
  return range ? exact((*range).*part) : "";
}

bool any_range(const std::vector<ResultRow>& rows) {
  return std::ranges::any_of(rows, [](const ResultRow& row) { return row.point.inception_range.has_value(); });
}

std::vector<std::string> text_cells(const ResultRow& row) {
  const figure::Point& point = row.point;
  return {row.label,
          std::to_string(point.steps_per_scale),
          std::to_string(point.total_steps),
          compact(point.guidance),
          measured_text(point.fid),
          measured_text(point.inception_score),
          grouped(point.samples)};
}

std::string cell_text(const Json& cell) {
  if (cell.is_null()) return "";
  return cell.is_string() ? cell.get<std::string>() : cell.dump();
}

bool is_numeric(const Json& rows, std::size_t column) {
  bool any = false;
  for (const auto& row : rows) {
    if (row.at(column).is_null()) continue;
    if (!row.at(column).is_number()) return false;
    any = true;
  }
  return any;
}

}  // namespace

std::string results_text(const std::vector<ResultRow>& rows) {
  if (rows.empty()) return "Nothing is measured yet.\n";
  const auto ways = distinct_ways(rows);
  std::vector<Column> columns{{"Ratio"},
                              {"Steps/scale", Align::right},
                              {"Total steps", Align::right},
                              {"Best guidance", Align::right},
                              {"FID", Align::right},
                              {"IS", Align::right},
                              {"N", Align::right}};
  const bool ranges = any_range(rows);
  if (ranges) columns.insert(columns.end() - 1, Column{"IS within 2 %", Align::right});
  if (ways.size() > 1) columns.push_back({"Measured"});
  Table table(columns);
  for (const ResultRow& row : rows) {
    auto cells = text_cells(row);
    if (ranges) cells.insert(cells.end() - 1, range_text(row.point.inception_range));
    const auto way = static_cast<std::size_t>(std::find(ways.begin(), ways.end(), row.how) - ways.begin());
    if (ways.size() > 1) cells.push_back(way_mark(way));
    table.add_row(std::move(cells));
  }
  std::string text = table.to_text() + "\n";
  for (std::size_t i = 0; i < ways.size(); ++i) {
    text += "Measured " + (ways.size() > 1 ? way_mark(i) + " " : "") + "with " + describe(ways[i]) + ".\n";
  }
  text += "Guidance with the lowest FID; ± is one standard error (delete-a-block jackknife).\n";
  if (ranges)
    text += "IS within 2 %: its mean (least–most) over all guidance values whose FID is within 2 % of the lowest.\n";
  return text;
}

std::string search_text(const Json& figure) {
  if (!figure.contains("search")) return "";
  const rpc::Fields search(figure.at("search"), "figure.search");
  const auto images = search.integer("images"), grid = search.integer("images_of_grid"), open = search.integer("open");
  std::string text =
      "Guidance search: of " + grouped(search.integer("values")) + " values " + grouped(search.integer("screened")) +
      " screened with " + grouped(search.integer("screen_n")) + " images, " + grouped(search.integer("measured")) +
      " measured with " + grouped(search.integer("n")) + ": " + grouped(images) + " of the whole grid's " +
      grouped(grid) + " images (" +
      compact(100.0 * static_cast<double>(images) / static_cast<double>(std::max<std::int64_t>(grid, 1)), 3) + " %).\n";
  if (open > 0) text += grouped(open) + " values are not decided yet.\n";
  return text + "Why each value was measured or not: --sql 'select * from guidance_search'.\n";
}

Table results_csv(const std::vector<ResultRow>& rows) {
  Table table({{"ratio"},
               {"steps_per_scale"},
               {"total_steps"},
               {"guidance"},
               {"seed"},
               {"n"},
               {"fid"},
               {"fid_uncertainty"},
               {"inception_score"},
               {"inception_score_uncertainty"},
               {"is_mean"},
               {"is_min"},
               {"is_max"},
               {"network_sha256"},
               {"reference_sha256"},
               {"evaluator_version"},
               {"code_version"},
               {"precision"}});
  for (const ResultRow& row : rows) {
    table.add_row({row.ratio, std::to_string(row.point.steps_per_scale), std::to_string(row.point.total_steps),
                   exact(row.point.guidance), std::to_string(row.how.seed), std::to_string(row.point.samples),
                   exact_value(row.point.fid), exact_uncertainty(row.point.fid), exact_value(row.point.inception_score),
                   exact_uncertainty(row.point.inception_score),
                   exact_part(row.point.inception_range, &figure::Range::mean),
                   exact_part(row.point.inception_range, &figure::Range::least),
                   exact_part(row.point.inception_range, &figure::Range::most), row.how.network_sha256,
                   row.how.reference_sha256, row.how.evaluator_version, row.how.code_version, row.how.precision});
  }
  return table;
}

Table query_table(const Json& answer) {
  const rpc::Fields fields(answer, "answer");
  std::vector<Column> columns;
  fields.each("columns", [&](const Json& name, const std::string&) {
    const std::size_t index = columns.size();
    columns.push_back({cell_text(name), is_numeric(answer.at("rows"), index) ? Align::right : Align::left});
  });
  if (columns.empty()) rpc::refuse_field("answer.columns", "a query gives at least one column");
  Table table(columns);
  fields.each("rows", [&](const Json& row, const std::string& path) {
    if (!row.is_array() || row.size() != columns.size())
      rpc::refuse_field(path, "as many cells as columns are expected");
    std::vector<std::string> cells;
    for (const auto& cell : row)
      cells.push_back(cell_text(cell));
    table.add_row(std::move(cells));
  });
  return table;
}

}  // namespace checkerlab::cli
