// The end of a run: faults stop, and everything that was asked for has to come about.
#include <algorithm>

#include "tests/simulation/checks/database_checks.hpp"
#include "tests/simulation/world/world.hpp"

namespace checkerlab::simulation {
namespace {

constexpr int kMostRounds = 400;
constexpr std::chrono::milliseconds kRound{2'500};  // shorter than a lease, so that heartbeats keep it

}  // namespace

// Everything arrives, every worker does a little, all of it is stored and answered.
void World::round(std::uint32_t number) {
  if (!server_) return;
  clock_.advance(std::chrono::milliseconds(number % 1'000));
  server_->core().tick();
  server_->settle();
  for (SimulatedWorker& each : workers_) {
    deliver_to(each, static_cast<std::uint32_t>(-1));
    each.work(number, Ending::succeeds);
  }
  deliver_all();
  server_->settle();
  deliver_all();
  server_->settle();
  check_memory();
  check_workers();
}

void World::calm_down() {
  trace_.note("calm");
  disk_->heal();
  const auto careful = [this](auto&& body) {
    try {
      body();
    } catch (const std::exception& thrown) {
      problem(std::string("the coordinator threw: ") + thrown.what());
    }
    after_operation();
  };
  careful([this] { start(); });
  // Two workers can do everything and are new, as some jobs need two; those that gave work back are leaving.
  workers_[0].replace();
  workers_[1].replace();
  for (SimulatedWorker& each : workers_) {
    if (each.gave_back()) each.replace();
  }
  int rounds = 0;
  while (problem_.empty() && !all_ended() && rounds < kMostRounds) {
    ++rounds;
    careful([this] { calm_round(); });
  }
  count("calm rounds", static_cast<std::uint64_t>(rounds));
  if (!problem_.empty()) return;
  if (!all_ended()) problem("not everything came to an end although nothing failed any more");
  careful([this] { inspect(true); });
  server_->store().read([this](SQLite::Database& database) {
    check_all_ended(database, [this](const std::string& text) { problem(text); });
  });
}

void World::calm_round() {
  clock_.advance(kRound);
  server_->core().tick();
  server_->settle();
  lift_all();  // in every round: the coordinator may have had to read its state again
  for (SimulatedWorker& each : workers_) {
    deliver_to(each, static_cast<std::uint32_t>(-1));
    connect(each);
  }
  deliver_all();
  server_->settle();
  deliver_all();
  for (SimulatedWorker& each : workers_) {
    each.heartbeat();
    for (const rpc::Assignment& job : each.assignments())
      each.finish(job.attempt);
  }
  deliver_all();
  server_->settle();
  deliver_all();
}

bool World::all_ended() const {
  if (!server_ || !server_->quiet()) return false;
  for (const auto& study : server_->core().state()->studies) {
    if (study.state == coordinator::scheduler::StudyState::queued ||
        study.state == coordinator::scheduler::StudyState::running)
      return false;
  }
  const bool told = std::ranges::none_of(workers_, [](const SimulatedWorker& each) { return each.has_open(); });
  return told && server_->core().state()->running_count == 0;
}

}  // namespace checkerlab::simulation
