#include <charconv>
#include <map>

#include "coordinator/store/cursor.hpp"
#include "coordinator/store/documents.hpp"
#include "coordinator/store/read_models.hpp"
#include "coordinator/store/sql.hpp"

namespace checkerlab::coordinator {
namespace {

std::int64_t now_ms(const Clock& clock) {
  return clock.utc().time_since_epoch().count();
}

// A row of the view fig_5, under the view's own names and those that points have.
Json figure_row(SQLite::Statement& row) {
  Json point;
  for (int i = 0; i < row.getColumnCount(); ++i) {
    const SQLite::Column column = row.getColumn(i);
    if (column.isInteger()) {
      point[column.getName()] = column.getInt64();
    } else if (column.isFloat()) {
      point[column.getName()] = column.getDouble();
    } else {
      point[column.getName()] = text_or_null(column);
    }
  }
  point["guidance"] = point["best_guidance"];
  return point;
}

// In the study's order; of a search also those that have no point yet.
constexpr const char* kRatios =
    "SELECT ratio FROM (SELECT ratio, position FROM points WHERE study = ?1 UNION ALL "
    "SELECT ratio, position FROM guidance_values WHERE study = ?1) GROUP BY ratio ORDER BY MIN(position)";

// How far a search is: values of its grid, how many were screened, measured and not decided, and images drawn for it.
Json search_summary(SQLite::Database& database, std::int64_t study) {
  Json summary;
  for_each_row(
      database,
      "SELECT COUNT(*), SUM(screened), SUM(measured), SUM(decision = 'open'), SUM(images), SUM(n), MAX(screen_n), "
      "MAX(n) FROM guidance_search WHERE study_id = (SELECT id FROM studies WHERE number = ?)",
      [&](SQLite::Statement& row) {
        if (row.getColumn(0).getInt64() == 0) return;
        int column = 0;
        for (const char* name : {"values", "screened", "measured", "open", "images", "images_of_grid", "screen_n", "n"})
          summary[name] = row.getColumn(column++).getInt64();
      },
      study);
  return summary;
}

std::string label_of(const std::string& ratio) {
  if (ratio == "single") return "single scale";
  return ratio == "sqrt2" ? "√2" : ratio;
}

}  // namespace

Json ReadModels::studies(const PageRequest& page, bool archived) const {
  check_limit(page.limit, 1000);
  const std::int64_t before = page.cursor.empty() ? INT64_MAX : parse_cursor(page.cursor, 1)[0];
  const std::int64_t now = now_ms(clock_);
  return store_.read([&](SQLite::Database& database) {
    std::vector<std::int64_t> numbers;
    for_each_row(
        database,
        "SELECT number FROM studies WHERE number < ? AND (archived_at IS NOT NULL) = ? ORDER BY number DESC LIMIT ?",
        [&](SQLite::Statement& row) { numbers.push_back(row.getColumn(0).getInt64()); }, before, std::int64_t{archived},
        page.limit + 1);
    return make_page(
        numbers, page.limit, [&](std::int64_t number) { return study_document(database, number, now); },
        [](std::int64_t number) { return std::to_string(number); });
  });
}

Json ReadModels::study(const std::string& id_or_name) const {
  const std::int64_t now = now_ms(clock_);
  return store_.read([&](SQLite::Database& database) {
    const std::int64_t number = find_study(database, id_or_name);
    Json document = study_document(database, number, now);
    for_each_row(
        database, "SELECT definition, filename, overrides FROM studies WHERE number = ?",
        [&](SQLite::Statement& row) {
          document["definition"] = row.getColumn(0).getString();
          document["filename"] = row.getColumn(1).getString();
          document["overrides"] = Json::parse(row.getColumn(2).getString());
        },
        number);
    document["ratios"] = Json::array();
    for_each_row(
        database, kRatios, [&](SQLite::Statement& row) { document["ratios"].push_back(row.getColumn(0).getString()); },
        number);
    return document;
  });
}

Json ReadModels::points(const std::string& id_or_name) const {
  return store_.read([&](SQLite::Database& database) {
    return Json{{"items", point_documents(database, find_study(database, id_or_name))}};
  });
}

Json ReadModels::figure(const std::string& id_or_name) const {
  return store_.read([&](SQLite::Database& database) {
    const std::int64_t number = find_study(database, id_or_name);
    std::map<std::string, Json> points;
    for_each_row(
        database, "SELECT * FROM fig_5 WHERE study_id = (SELECT id FROM studies WHERE number = ?)",
        [&](SQLite::Statement& row) {
          Json point = figure_row(row);
          auto& series = points[point["ratio"].get<std::string>()];
          series.push_back(std::move(point));
        },
        number);
    Json series = Json::array();
    for_each_row(
        database, kRatios,
        [&](SQLite::Statement& row) {
          const std::string ratio = row.getColumn(0).getString();
          series.push_back({{"ratio", ratio},
                            {"label", label_of(ratio)},
                            {"points", points.contains(ratio) ? points[ratio] : Json::array()}});
        },
        number);
    Json document{{"series", series}};
    if (Json search = search_summary(database, number); !search.is_null()) document["search"] = std::move(search);
    return document;
  });
}

}  // namespace checkerlab::coordinator
