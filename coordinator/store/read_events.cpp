#include "coordinator/store/documents.hpp"
#include "coordinator/store/read_models.hpp"
#include "coordinator/store/sql.hpp"

namespace checkerlab::coordinator {
namespace {

struct EventRange {
  std::int64_t first = 0;
  std::int64_t last = 0;
};

EventRange stored_events(SQLite::Database& database) {
  SQLite::Statement statement(database, "SELECT COALESCE(MIN(id), 0), COALESCE(MAX(id), 0) FROM events");
  statement.executeStep();
  return {statement.getColumn(0).getInt64(), statement.getColumn(1).getInt64()};
}

ServerEvent event_of(SQLite::Statement& row) {
  return {static_cast<std::uint64_t>(row.getColumn(0).getInt64()), row.getColumn(1).getString(),
          Json::parse(row.getColumn(2).getString()).get<std::vector<std::string>>(),
          Json::parse(row.getColumn(3).getString())};
}

}  // namespace

Json ReadModels::workers() const {
  return store_.read([&](SQLite::Database& database) {
    Json items = Json::array();
    for_each_row(
        database, "SELECT id FROM workers ORDER BY state = 'offline', connected_at DESC, id LIMIT 1000",
        [&](SQLite::Statement& row) { items.push_back(worker_document(database, row.getColumn(0).getString())); });
    return Json{{"items", items}};
  });
}

Json ReadModels::worker_loads() const {
  return store_.read([](SQLite::Database& database) {
    Json loads = Json::array();
    for_each_row(database,
                 "SELECT id, name, load FROM workers WHERE state <> 'offline' AND load IS NOT NULL ORDER BY name, id",
                 [&](SQLite::Statement& row) {
                   loads.push_back({{"id", row.getColumn(0).getString()},
                                    {"name", row.getColumn(1).getString()},
                                    {"devices", Json::parse(row.getColumn(2).getString())}});
                 });
    return loads;
  });
}

EventPage ReadModels::events_after(std::uint64_t after, const std::string& study, std::int64_t limit) const {
  const std::optional<std::string> wanted = study.empty() ? std::nullopt : std::optional(study);
  return store_.read([&](SQLite::Database& database) {
    const EventRange range = stored_events(database);
    const auto position = static_cast<std::int64_t>(after);
    EventPage page;
    page.complete = position <= range.last && position + 1 >= range.first;
    for_each_row(
        database,
        "SELECT id, type, studies, data FROM events WHERE id > ?1 AND (?2 IS NULL OR studies = '[]' OR EXISTS "
        "(SELECT 1 FROM json_each(studies) WHERE value = ?2)) ORDER BY id LIMIT ?3",
        [&](SQLite::Statement& row) { page.events.push_back(event_of(row)); }, position, wanted, limit);
    return page;
  });
}

std::uint64_t ReadModels::last_event_id() const {
  return store_.read(
      [](SQLite::Database& database) { return static_cast<std::uint64_t>(stored_events(database).last); });
}

}  // namespace checkerlab::coordinator
