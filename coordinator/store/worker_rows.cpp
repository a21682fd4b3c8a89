#include "coordinator/store/worker_rows.hpp"

#include "coordinator/store/sql.hpp"

namespace checkerlab::coordinator {

void upsert_worker(SQLite::Database& database, const std::string& id, const rpc::Hello& hello, std::int64_t now) {
  const Json device{{"type", hello.device.type},
                    {"name", hello.device.name},
                    {"memory_bytes", hello.device.memory_bytes},
                    {"count", hello.device.count}};
  execute(database,
          "INSERT INTO workers (id, name, version, device, slots, state, connected_at, last_seen_at, labels) "
          "VALUES (?1, ?2, ?3, ?4, ?5, 'online', ?6, ?6, ?7) ON CONFLICT (id) DO UPDATE SET name = ?2, version = ?3, "
          "device = ?4, "
          "slots = ?5, state = 'online', connected_at = ?6, last_seen_at = ?6, labels = ?7",
          id, hello.name, hello.version, device.dump(), std::int64_t{hello.slots}, now, Json(hello.labels).dump());
}

void set_worker_standing(SQLite::Database& database, const std::string& id, const WorkerStanding& standing,
                         std::int64_t now) {
  execute(database,
          "UPDATE workers SET state = ?, draining = ?, quarantines = ?, quarantined_until = ?, last_seen_at = ? "
          "WHERE id = ?",
          standing.state, std::int64_t{standing.draining}, standing.quarantines, standing.quarantined_until, now, id);
}

void set_cordon(SQLite::Database& database, const std::string& worker, bool cordoned, std::int64_t now) {
  if (cordoned) {
    execute(database, "INSERT OR IGNORE INTO cordons (worker, created_at) VALUES (?, ?)", worker, now);
  } else {
    execute(database, "DELETE FROM cordons WHERE worker = ?", worker);
  }
}

void touch_worker(SQLite::Database& database, const std::string& id, const std::vector<rpc::DeviceLoad>& devices,
                  std::int64_t now) {
  std::optional<std::string> load;
  if (!devices.empty()) load = rpc::encode(rpc::WorkerMessage(rpc::Heartbeat{{}, devices})).at("devices").dump();
  execute(database, "UPDATE workers SET last_seen_at = ?, load = ? WHERE id = ?", now, load, id);
}

void set_all_workers_offline(SQLite::Database& database) {
  execute(database, "UPDATE workers SET state = 'offline' WHERE state <> 'offline'");
}

}  // namespace checkerlab::coordinator
