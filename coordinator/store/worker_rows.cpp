#include "coordinator/store/worker_rows.hpp"

#include "coordinator/store/sql.hpp"

namespace checkerlab::coordinator {

void upsert_worker(SQLite::Database& database, const std::string& id, const rpc::Hello& hello, std::int64_t now) {
  const Json device{{"type", hello.device.type},
                    {"name", hello.device.name},
                    {"memory_bytes", hello.device.memory_bytes},
                    {"count", hello.device.count}};
  execute(database,
          "INSERT INTO workers (id, name, version, device, slots, state, connected_at, last_seen_at) "
          "VALUES (?1, ?2, ?3, ?4, ?5, 'online', ?6, ?6) ON CONFLICT (id) DO UPDATE SET name = ?2, version = ?3, "
          "device = ?4, "
          "slots = ?5, state = 'online', connected_at = ?6, last_seen_at = ?6",
          id, hello.name, hello.version, device.dump(), std::int64_t{hello.slots}, now);
}

void set_worker_state(SQLite::Database& database, const std::string& id, const std::string& state, std::int64_t now) {
  execute(database, "UPDATE workers SET state = ?, last_seen_at = ? WHERE id = ?", state, now, id);
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
