#include "tests/simulation/world/world.hpp"

#include "base/error.hpp"
#include "coordinator/scheduler/invariants.hpp"
#include "tests/simulation/random.hpp"
#include "tests/simulation/world/catalogue.hpp"

namespace checkerlab::simulation {
namespace {

std::vector<SimulatedWorker> make_workers(std::uint64_t seed, Meetings& meetings) {
  Random random(seed * 2 + 7);
  std::vector<SimulatedWorker> workers;
  workers.emplace_back(0, 1 + static_cast<int>(random.pick(2)), static_cast<int>(random.pick(3)), all_kinds(),
                       meetings);
  workers.emplace_back(1, 1 + static_cast<int>(random.pick(3)), 0, all_kinds(), meetings);
  workers.emplace_back(2, 2, static_cast<int>(random.pick(2)),
                       std::vector<std::string>{"noop", "evaluate_shard", "score_point"}, meetings);
  return workers;
}

constexpr std::uint32_t kMostFrames = 3;
constexpr std::uint32_t kKiB = 1024;

}  // namespace

RunReport run(const Schedule& schedule, const Plant& plant, bool keep_trace) {
  return World(schedule, plant, keep_trace).run();
}

World::World(const Schedule& schedule, const Plant& plant, bool keeps_trace)
    : schedule_(schedule),
      plant_(plant),
      trace_(keeps_trace),
      ledger_([this](const std::string& text) { problem(text); }),
      studies_(make_studies(schedule.seed)),
      workers_(make_workers(schedule.seed, meetings_)),
      disk_(schedule.empty_disk ? std::make_unique<Disk>() : std::make_unique<Disk>(empty_database())) {}

World::~World() = default;

RunReport World::run() {
  RunReport report;
  start();
  for (const Operation& operation : schedule_.operations) {
    if (!problem_.empty()) break;
    apply(operation);
    ++report.operations;
  }
  if (problem_.empty()) calm_down();
  count_disk();
  report.problem = problem_;
  report.hash = trace_.hash();
  report.trace = trace_.take_lines();
  report.tally = std::move(tally_);
  return report;
}

void World::problem(const std::string& text) {
  trace_.note("PROBLEM " + text);
  if (problem_.empty()) problem_ = text;
}

void World::apply(const Operation& operation) {
  trace_.note(print(operation));
  try {
    perform(operation);
  } catch (const std::exception& thrown) {
    problem(std::string("the coordinator threw: ") + thrown.what());
  }
  after_operation();
}

void World::after_operation() {
  if (disk_->dead()) bury();
  if (!server_ || !problem_.empty()) return;
  const auto* state = server_->core().state();
  if (state == nullptr) return;
  for (const std::string& broken : coordinator::scheduler::check_invariants(*state))
    problem(broken);
}

void World::perform(const Operation& operation) {
  const auto& [a, b, c] = operation.numbers;
  switch (operation.act) {
    case Act::submit:
      return submit(a);
    case Act::cancel:
      return cancel(a);
    case Act::extend:
      return extend(a, b);
    case Act::rerun:
      return rerun(a);
    case Act::pause:
      return pause(a, {.paused = true, .stop_running = b % 2 == 0});
    case Act::resume:
      return pause(a, {.paused = false});
    case Act::reorder:
      return reorder(a, b);
    case Act::cordon:
      return cordon(worker(a), b % 2 == 0);
    case Act::connect:
      return connect(worker(a));
    case Act::cut:
      return cut(worker(a), b);
    case Act::vanish:
      count("vanished");
      if (worker(a).connected()) worker(a).connection()->swallowed = true;
      return worker(a).disconnect();
    case Act::replace:
      count("replaced");
      return worker(a).replace();
    case Act::deliver_to:
      return deliver_to(worker(a), 1 + b % kMostFrames);
    case Act::deliver_from:
      forget_dead_connections();
      if (!connections_.empty()) deliver_from(*connections_[a % connections_.size()], 1 + b % kMostFrames);
      return;
    case Act::work: {
      constexpr std::array kEndings{Ending::succeeds,   Ending::succeeds,          Ending::succeeds, Ending::succeeds,
                                    Ending::succeeds,   Ending::succeeds,          Ending::crashes,  Ending::fails,
                                    Ending::gives_back, Ending::brings_no_artifact};
      return worker(a).work(b, kEndings.at(c % kEndings.size()));
    }
    case Act::heartbeat:
      return worker(a).heartbeat();
    case Act::chatter:
      return worker(a).chatter(b);
    case Act::repeat:
      return worker(a).repeat(b);
    case Act::lie:
      return lie(worker(a), b, c);
    case Act::round:
      return round(a);
    case Act::crash:
      return crash(a % 2 == 0 ? Death::process : Death::power, b);
    case Act::crash_soon:
      count("crashes set between two writes");
      return disk_->die_after(a % 60, b % 2 == 0 ? Death::process : Death::power, c);
    case Act::start:
      return start();
    case Act::shutdown:
      return shut_down();
    case Act::fail_soon:
      return disk_->fail_after(a % 120, 1 + b % 5, c % 2 == 0);
    case Act::fill:
      return disk_->leave_free(a % 40 * kKiB);
    case Act::free_space:
      return disk_->leave_free(static_cast<std::size_t>(-1));
    default:
      break;
  }
  if (!server_) return;
  switch (operation.act) {
    case Act::tick:
      clock_.advance(std::chrono::milliseconds(a % 2'000));
      return server_->core().tick();
    case Act::stall:
      clock_.advance(std::chrono::seconds(a % 40));
      return server_->core().tick();
    case Act::jump:
      count("clock jumps");
      return clock_.jump(std::chrono::hours(static_cast<int>(a % 49) - 24));
    case Act::commit:
      server_->writer().commit_some(1 + a % 4);
      return;
    case Act::acknowledge:
      server_->writer().acknowledge();
      return;
    case Act::post:
      for (std::uint32_t i = 0; i <= a % 4; ++i)
        server_->run_posted();
      return;
    case Act::settle:
      return server_->settle();
    case Act::drain: {
      const auto connection = worker(a).connection();
      if (connection && !connection->worker_id.empty() && server_->core().state() != nullptr &&
          server_->core().state()->find_worker(connection->worker_id))
        server_->core().drain_worker(connection->worker_id, [](auto, const auto&) {});
      return;
    }
    case Act::inspect:
      return inspect(a % 4 == 0);
    default:
      return;
  }
}

}  // namespace checkerlab::simulation
