#include "sweeps/published.hpp"

#include <algorithm>
#include <set>

#include "base/suggestion.hpp"
#include "embedded/published.hpp"
#include "sweeps/checked_json.hpp"
#include "sweeps/preset.hpp"

namespace checkerlab::sweeps {
namespace {

using Json = nlohmann::json;
using Issues = std::vector<DefinitionIssue>;

bool known_preset(const std::string& name) {
  return std::ranges::find(preset_names(), name) != preset_names().end();
}

void check_unique_names(const SourceDocument& document, const Json& list, const std::string& pointer, const char* key,
                        std::set<std::string>& seen, Issues& issues) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string name = list[i].at(key);
    if (!seen.insert(name).second)
      issues.push_back(document.issue_at_value(child_pointer(child_pointer(pointer, i), std::string(key)),
                                               "'" + name + "' is there twice", "Rename or remove one of them."));
  }
}

void check_row(const SourceDocument& document, const Json& columns, const Json& row, const std::string& pointer,
               Issues& issues) {
  const std::string values = child_pointer(pointer, std::string("values"));
  std::set<std::string> wanted;
  for (const Json& column : columns)
    wanted.insert(column.at("metric").get<std::string>());
  for (const std::string& metric : wanted) {
    if (!row.at("values").contains(metric))
      issues.push_back(document.issue_at_value(values, "the value of the column '" + metric + "' is missing",
                                               "A table prints a value for every column."));
  }
  for (const auto& value : row.at("values").items()) {
    if (!wanted.contains(value.key()))
      issues.push_back(document.issue_at_key(child_pointer(values, value.key()),
                                             "the table has no column '" + value.key() + "'",
                                             "Remove the value or add the column."));
  }
  if (!row.contains("point")) return;
  const std::string model = row.at("point").at("model");
  if (known_preset(model)) return;
  const auto nearest = nearest_name(model, preset_names());
  issues.push_back(document.issue_at_value(
      pointer + "/point/model",
      "there is no preset '" + model + "'" + (nearest ? "; did you mean '" + *nearest + "'?" : "")));
}

// What the schema cannot say. Only a document of the right form is looked at.
Issues check_published(const SourceDocument& document, const Issues& known) {
  Issues issues;
  if (!known.empty() || !document.json().is_object() || !document.json().contains("tables")) return issues;
  std::set<std::string> ids;
  const Json& tables = document.json().at("tables");
  check_unique_names(document, tables, "/tables", "id", ids, issues);
  check_unique_names(document, document.json().at("figures"), "/figures", "id", ids, issues);
  for (std::size_t i = 0; i < tables.size(); ++i) {
    const std::string pointer = child_pointer("/tables", i);
    std::set<std::string> metrics, names;
    check_unique_names(document, tables[i].at("columns"), pointer + "/columns", "metric", metrics, issues);
    check_unique_names(document, tables[i].at("rows"), pointer + "/rows", "name", names, issues);
    for (std::size_t row = 0; row < tables[i].at("rows").size(); ++row)
      check_row(document, tables[i].at("columns"), tables[i].at("rows")[row], child_pointer(pointer + "/rows", row),
                issues);
  }
  return issues;
}

template <typename Value>
std::optional<Value> optional_value(const Json& json, const char* key) {
  return json.contains(key) ? std::optional<Value>(json.at(key).get<Value>()) : std::nullopt;
}

PublishedConditions read_conditions(const Json& json) {
  return {.dataset = json.at("dataset"),
          .classes = json.at("classes"),
          .image_size = json.at("image_size"),
          .samples = json.at("samples"),
          .network = json.at("network"),
          .reference = json.at("reference"),
          .device = json.at("device"),
          .batch = json.at("batch")};
}

PublishedColumn read_column(const Json& json) {
  const std::string better = json.at("better");
  return {.metric = json.at("metric"),
          .name = json.at("name"),
          .better = better == "lower"    ? Better::lower
                    : better == "higher" ? Better::higher
                                         : Better::none,
          .decimals = json.at("decimals")};
}

PublishedPoint read_point(const Json& json) {
  return {.model = json.at("model"),
          .ratio = optional_value<std::string>(json, "ratio"),
          .steps_per_scale = optional_value<std::int64_t>(json, "steps_per_scale"),
          .guidance = optional_value<double>(json, "guidance"),
          .guidance_start_step = optional_value<std::int64_t>(json, "guidance_start_step"),
          .mixing_layers = optional_value<std::int64_t>(json, "mixing_layers")};
}

PublishedTable read_table(const Json& json) {
  PublishedTable table{.id = json.at("id"),
                       .caption = json.at("caption"),
                       .conditions = read_conditions(json.at("conditions")),
                       .columns = {},
                       .rows = {}};
  for (const Json& column : json.at("columns"))
    table.columns.push_back(read_column(column));
  for (const Json& row : json.at("rows")) {
    table.rows.push_back({.name = row.at("name"),
                          .cites = optional_value<std::int64_t>(row, "cites"),
                          .point = std::nullopt,
                          .values = row.at("values").get<std::map<std::string, double>>()});
    if (row.contains("point")) table.rows.back().point = read_point(row.at("point"));
  }
  return table;
}

template <typename List>
const auto& with_id(const List& list, std::string_view id, const char* what) {
  const auto found = std::ranges::find_if(list, [&](const auto& one) { return one.id == id; });
  if (found == list.end())
    throw Error(ErrorCode::not_found, "the paper has no " + std::string(what) + " '" + std::string(id) + "'");
  return *found;
}

}  // namespace

Published parse_published(std::string_view yaml, std::string_view filename) {
  const Json json = checked_json(
      yaml, filename, {}, {.schema = SchemaName::published, .ratio_from_preset = false, .meaning = check_published});
  Published all{.paper = json.at("paper"), .tables = {}, .figures = {}};
  for (const Json& table : json.at("tables"))
    all.tables.push_back(read_table(table));
  for (const Json& figure : json.at("figures"))
    all.figures.push_back({figure.at("id"), figure.at("shows")});
  return all;
}

const Published& published() {
  static const Published all = parse_published(published_files().front().data, "sweeps/paper/published.yaml");
  return all;
}

const PublishedTable& published_table(const Published& all, std::string_view id) {
  return with_id(all.tables, id, "table");
}

const PublishedFigure& published_figure(const Published& all, std::string_view id) {
  return with_id(all.figures, id, "figure");
}

}  // namespace checkerlab::sweeps
