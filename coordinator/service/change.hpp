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
#include <unordered_map>
#include <utility>
#include <vector>

#include "coordinator/service/server_event.hpp"
#include "coordinator/service/worker_link.hpp"
#include "coordinator/store/stage_rows.hpp"
#include "rpc/messages.hpp"

namespace checkerlab::coordinator {

// Changes rows, and may add events about them.
using Step = std::function<void(SQLite::Database&, std::vector<ServerEvent>&)>;

struct AssignmentOrder {
  SessionId session{};
  std::int64_t job = 0;
  std::uint32_t number = 0;
  bool has_inputs = false;
  std::optional<rpc::GangSeat> gang = std::nullopt;
};

struct DiskPart {
  std::vector<Step> steps;
  // Whose new state is told to those who watch, once at the end; by number and id.
  std::set<std::int64_t> jobs;
  std::set<std::int64_t> studies;
  std::set<std::int64_t> scored;  // score jobs with a new result: their points
  std::set<std::string> workers;
  std::map<std::pair<std::int64_t, std::string>, StageChange> stages;  // by number of the study and kind of job
  std::vector<AssignmentOrder> orders;
  // Filled by run().
  std::vector<ServerEvent> events;
  std::map<SessionId, rpc::Assign> assignments;

  // Does all of it inside a write. `now` in milliseconds; about `events_kept` events stay.
  void run(SQLite::Database& database, std::int64_t now, std::int64_t events_kept);
};

// An attempt that began within the change. Mostly it ends there too, and all of it is one row written once.
struct Begun {
  std::uint32_t number = 0;
  std::int64_t at = 0;
  bool in_attempt = false;  // the attempt's row says so already
};

struct Aftermath {
  std::vector<std::function<void(std::exception_ptr)>> callbacks;  // also called when the change failed
  std::vector<std::pair<SessionId, rpc::Cancel>> cancels;
  std::map<SessionId, rpc::Ack> acks;
};

struct Change {
  DiskPart disk;
  Aftermath aftermath;
  std::unordered_map<std::int64_t, Begun> begun;  // by number of the job
  // Jobs from this number on come with the event that is being applied: their rows are written as queued at once.
  std::optional<std::int64_t> first_new_job;

  // Makes steps of what has begun and is not over.
  void settle();

  bool empty() const;
};

}  // namespace checkerlab::coordinator
