// Writing what is known of workers. Call inside a write (store.hpp).
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rpc/messages.hpp"

namespace checkerlab::coordinator {

// A worker said hello: it is online.
void upsert_worker(SQLite::Database& database, const std::string& id, const rpc::Hello& hello, std::int64_t now);
struct WorkerStanding {
  std::string state;  // "online", "offline" or "draining"
  bool draining = false;
  std::int64_t quarantines = 0;
  std::optional<std::int64_t> quarantined_until;
};
void set_worker_standing(SQLite::Database& database, const std::string& id, const WorkerStanding& standing,
                         std::int64_t now);
// By name or id.
void set_cordon(SQLite::Database& database, const std::string& worker, bool cordoned, std::int64_t now);
// A heartbeat came, with how the devices are used if the worker knows.
void touch_worker(SQLite::Database& database, const std::string& id, const std::vector<rpc::DeviceLoad>& devices,
                  std::int64_t now);
// After a start nobody is connected.
void set_all_workers_offline(SQLite::Database& database);

}  // namespace checkerlab::coordinator
