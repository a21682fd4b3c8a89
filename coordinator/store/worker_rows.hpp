// Writing what is known of workers. Call inside a write (store.hpp).
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <string>
#include <vector>

#include "rpc/messages.hpp"

namespace checkerlab::coordinator {

// A worker said hello: it is online.
void upsert_worker(SQLite::Database& database, const std::string& id, const rpc::Hello& hello, std::int64_t now);
// "online", "offline" or "draining".
void set_worker_state(SQLite::Database& database, const std::string& id, const std::string& state, std::int64_t now);
// A heartbeat came, with how the devices are used if the worker knows.
void touch_worker(SQLite::Database& database, const std::string& id, const std::vector<rpc::DeviceLoad>& devices,
                  std::int64_t now);
// After a start nobody is connected.
void set_all_workers_offline(SQLite::Database& database);

}  // namespace checkerlab::coordinator
