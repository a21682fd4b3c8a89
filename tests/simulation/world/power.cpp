// The coordinator's process starts, dies, and starts again from what the disk kept.
#include "base/error.hpp"
#include "tests/simulation/checks/database_checks.hpp"
#include "tests/simulation/world/world.hpp"

namespace checkerlab::simulation {

void World::start() {
  if (server_) return;
  const Disk::Tally before = disk_->tally();
  try {
    server_ = std::make_unique<Server>(*disk_, clock_, plant_, [this](const coordinator::ServerEvent& event) {
      trace_.note("  event " + std::to_string(event.id) + " " + event.type);
      ledger_.told(event);
    });
    count("starts");
  } catch (const Error& refused) {
    trace_.note("  did not start: " + std::string(refused.what()));
    const bool had_cause = disk_->dead() || disk_->tally().errors > before.errors || disk_->tally().full > before.full;
    if (!had_cause) problem(std::string("the coordinator does not start again: ") + refused.what());
    if (disk_->dead()) bury();
    return;
  }
  if (disk_->dead()) return bury();
  inspect(tally_["starts"] % 3 == 0);
}

void World::crash(Death death, std::uint64_t seed) {
  disk_->die(death, seed);
}

// As SIGTERM does: everything is on disk when the answer comes.
void World::shut_down() {
  if (!server_) return;
  server_->core().shutdown([] {});
  server_->settle();
  server_.reset();
  break_connections();
  count("shutdowns");
}

void World::bury() {
  const bool died_at_work = server_ && !server_->writer().idle();
  if (died_at_work) count("deaths with changes under way");
  server_.reset();
  count(disk_->death() == Death::power ? "power losses" : "kills");
  count_disk();
  if (disk_->death() == Death::power) clock_.reboot();
  disk_ = std::make_unique<Disk>(disk_->survivors());
  break_connections();
}

void World::count_disk() {
  count("pieces lost", disk_->tally().lost_pieces);
  count("pieces kept", disk_->tally().kept_pieces);
  count("disk errors", disk_->tally().errors);
  count("disk full", disk_->tally().full);
}

// What was sent already still arrives at the workers; what they sent does not.
void World::break_connections() {
  for (const auto& connection : connections_) {
    connection->core_is_there = false;
    connection->core_closed = true;
    connection->to_core.clear();
  }
}

void World::inspect(bool thoroughly) {
  if (!server_ || disk_->dead()) return;
  count("inspections");
  disk_->hold_faults(true);
  const ReportProblem report = [this](const std::string& text) { problem(text); };
  try {
    server_->store().read([&](SQLite::Database& database) {
      ledger_.check(database);
      check_tables(database, report);
      if (thoroughly) check_integrity(database, report);
    });
  } catch (const Error& refused) {
    problem(std::string("the database cannot be read: ") + refused.what());
  }
  disk_->hold_faults(false);
  check_memory();
  check_workers();
}

// Memory says the same as the disk, while no change waits.
void World::check_memory() {
  if (!server_ || disk_->dead() || !server_->quiet()) return;
  disk_->hold_faults(true);
  server_->store().read([this](SQLite::Database& database) {
    check_agreement(database, *server_->core().state(), [this](const std::string& text) { problem(text); });
  });
  disk_->hold_faults(false);
}

// Nobody works on what is not wanted any more.
void World::check_workers() {
  if (!server_ || !server_->quiet()) return;
  const auto& state = *server_->core().state();
  for (const SimulatedWorker& each : workers_) {
    for (const rpc::Assignment& assignment : each.undisturbed()) {
      const rpc::AttemptRef& attempt = assignment.attempt;
      const auto index = state.find_job(coordinator::scheduler::parse_key(attempt.key.str()));
      const auto state_of_job = index ? state.job(*index).state : coordinator::scheduler::JobState::cancelled;
      // Ranks end by themselves when their leader has succeeded.
      const bool let_go =
          assignment.gang && assignment.gang->rank > 0 && state_of_job == coordinator::scheduler::JobState::succeeded;
      const bool wanted = (let_go || state_of_job == coordinator::scheduler::JobState::running) &&
                          state.job(*index).attempt == value_of(attempt.attempt);
      if (!wanted) problem("a worker was not told to stop job " + attempt.key.str().substr(0, 8));
    }
  }
}

}  // namespace checkerlab::simulation
