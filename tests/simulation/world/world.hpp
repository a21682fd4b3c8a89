// A coordinator, its disk, the network, the workers and the people: applies the operations of a schedule one by one and
// checks every promise on the way. The first problem ends the run. For one thread.
//
// After every operation: the scheduler's own invariants. With every message: fences, numbers, room, inputs, order of
// events. After every round: memory against the database. At every start, at `inspect` and at the end: the whole
// database against what was promised and against itself. At the end faults stop, and everything that was asked for has
// to come about.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/simulation/checks/ledger.hpp"
#include "tests/simulation/disk/disk.hpp"
#include "tests/simulation/process/server.hpp"
#include "tests/simulation/run.hpp"
#include "tests/simulation/world/network.hpp"
#include "tests/simulation/world/trace.hpp"
#include "tests/simulation/world/worker.hpp"

namespace checkerlab::simulation {

class World {
 public:
  World(const Schedule& schedule, const Plant& plant, bool keeps_trace);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  RunReport run();

 private:
  using Numbers = std::array<std::uint32_t, 3>;
  using Ending = SimulatedWorker::Ending;

  // ---- world.cpp ----
  void apply(const Operation& operation);
  void perform(const Operation& operation);
  void after_operation();
  void problem(const std::string& text);
  void count(const std::string& what, std::uint64_t by = 1) { tally_[what] += by; }

  // ---- people.cpp ----
  void submit(std::uint32_t study);
  void cancel(std::uint32_t study);
  void extend(std::uint32_t study, std::uint32_t variant);
  void rerun(std::uint32_t study);
  void pause(std::uint32_t study, const coordinator::PauseRequest& request);
  void reorder(std::uint32_t study, std::uint32_t priority);
  void cordon(const SimulatedWorker& worker, bool cordoned);
  // Whatever was paused or cordoned goes on.
  void lift_all();
  bool is_open(std::size_t study) const;
  std::string called(std::size_t study) const;
  std::string name_of_error(const std::exception_ptr& error);

  // ---- power.cpp: processes that start and die ----
  void start();
  void crash(Death death, std::uint64_t seed);
  void shut_down();
  void bury();
  void check_workers();
  void check_memory();
  void count_disk();
  void break_connections();
  void inspect(bool thoroughly);

  // ---- traffic.cpp ----
  void connect(SimulatedWorker& worker);
  void cut(SimulatedWorker& worker, std::uint32_t frames);
  void deliver_to(SimulatedWorker& worker, std::uint32_t frames);
  void deliver_from(Connection& connection, std::uint32_t frames);
  void deliver_all();
  void on_sent(const Connection& connection, const rpc::CoordinatorMessage& message);
  void forget_dead_connections();
  SimulatedWorker& worker(std::uint32_t number) { return workers_[number % workers_.size()]; }

  // ---- lies.cpp ----
  void lie(SimulatedWorker& liar, std::uint32_t kind, std::uint32_t which);

  // ---- calm.cpp: nothing fails any more ----
  void round(std::uint32_t number);
  void calm_down();
  void calm_round();
  bool all_ended() const;

  Schedule schedule_;
  const Plant& plant_;
  std::string problem_;
  Trace trace_;
  Tally tally_;
  Ledger ledger_;
  SimulatedClock clock_;
  std::vector<coordinator::StudySubmission> studies_;
  Meetings meetings_;
  std::vector<SimulatedWorker> workers_;
  std::vector<std::shared_ptr<Connection>> connections_;
  std::vector<rpc::Assignment> all_assignments_;  // ever made
  std::unique_ptr<Disk> disk_;
  std::unique_ptr<Server> server_;
};

}  // namespace checkerlab::simulation
