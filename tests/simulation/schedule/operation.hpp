// The schedule of a run: everything that is decided, as a list. A run is a function of its schedule, so that operations
// can be taken out to find the shortest one that still fails. Plain values.
//
// Numbers of an operation are taken modulo what there is to choose from, so that every operation means something
// whatever was taken out before it. A new kind of operation is named here and in operation.cpp, weighed in
// make_schedule.cpp, and done in World::perform.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace checkerlab::simulation {

// What the numbers mean stands beside; w: worker.
enum class Act : std::uint8_t {
  submit,        // study
  cancel,        // study
  extend,        // study, which set: it takes another definition
  rerun,         // study: what failed or was cancelled, again
  pause,         // study, whether running attempts are taken back
  resume,        // study
  reorder,       // study, priority
  cordon,        // w, whether it is lifted
  connect,       // w
  cut,           // w, frames to the coordinator that still arrive: the connection breaks, both sides learn it
  vanish,        // w: the network swallows everything, the coordinator is not told
  replace,       // w: its process dies, another takes its place
  deliver_to,    // w, frames
  deliver_from,  // connection, frames
  work,          // w, attempt, outcome: the attempt goes on, or ends
  heartbeat,     // w
  chatter,       // w, attempt: progress, a curve, a line of log, a checkpoint
  repeat,        // w, message: a report is sent again
  lie,           // w, kind of lie, attempt
  tick,          // ms: time passes, the coordinator is told
  stall,         // s: time passes and nobody is told, then a tick
  jump,          // hours, forwards or back: the wall clock alone
  commit,        // changes
  acknowledge,
  post,  // callbacks
  settle,
  round,       // everything arrives, everyone works a little, all is settled
  crash,       // death, seed
  crash_soon,  // operations of the disk, death, seed
  start,
  shutdown,   // in good order
  fail_soon,  // operations of the disk, how many fail, whether reads fail too
  fill,       // KiB left
  free_space,
  drain,   // w
  inspect  // the whole database is compared with memory and with what was promised
};
inline constexpr std::size_t kActs = static_cast<std::size_t>(Act::inspect) + 1;

std::string_view to_string(Act act);

struct Operation {
  Act act{};
  std::array<std::uint32_t, 3> numbers{};
};

struct Schedule {
  std::uint64_t seed = 0;   // of the studies and workers
  bool empty_disk = false;  // the first start makes the database
  std::vector<Operation> operations;
};

// One line each; parse reads what print writes. Throws Error(invalid_data) naming the line.
std::string print(const Schedule& schedule);
std::string print(const Operation& operation);
Schedule parse_schedule(std::string_view text);

// The schedule of a seed.
Schedule make_schedule(std::uint64_t seed);

}  // namespace checkerlab::simulation
