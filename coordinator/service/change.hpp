// One change of the coordinator: what goes to the disk in one piece, and what may happen only when it is there.
//
// Built on the coordinator's thread; `disk` then belongs to the writer thread until the commit, `aftermath` never
// leaves the coordinator's thread.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "coordinator/service/server_event.hpp"
#include "coordinator/service/worker_link.hpp"
#include "rpc/messages.hpp"

namespace checkerlab::coordinator {

// Changes rows, and may add events about them.
using Step = std::function<void(SQLite::Database&, std::vector<ServerEvent>&)>;

struct AssignmentOrder {
  SessionId session{};
  std::int64_t job = 0;
  std::uint32_t number = 0;
  std::optional<rpc::GangSeat> gang = std::nullopt;
};

struct DiskPart {
  std::vector<Step> steps;
  // Whose new state is told to those who watch, once at the end; by number and id.
  std::set<std::int64_t> jobs;
  std::set<std::int64_t> studies;
  std::set<std::int64_t> scored;  // score jobs with a new result: their points
  std::set<std::string> workers;
  std::vector<AssignmentOrder> orders;
  // Filled by run().
  std::vector<ServerEvent> events;
  std::map<SessionId, rpc::Assign> assignments;

  // Does all of it inside a write. `now` in milliseconds; about `events_kept` events stay.
  void run(SQLite::Database& database, std::int64_t now, std::int64_t events_kept);
};

struct Aftermath {
  std::vector<std::function<void(std::exception_ptr)>> callbacks;  // also called when the change failed
  std::vector<std::pair<SessionId, rpc::Cancel>> cancels;
  std::map<SessionId, rpc::Ack> acks;
};

struct Change {
  DiskPart disk;
  Aftermath aftermath;

  bool empty() const;
};

}  // namespace checkerlab::coordinator
