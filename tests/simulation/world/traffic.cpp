// Messages on their way, and connections that break.
#include "base/error.hpp"
#include "tests/simulation/world/world.hpp"

namespace checkerlab::simulation {
namespace {

// How the report has to be found in the database, if it is accepted; reports that lie may end in any way.
std::string promised_end(const rpc::AttemptFinished& report) {
  if (report.result) {
    for (const rpc::ArtifactRef& artifact : report.result->artifacts) {
      if (artifact.sha256.starts_with(kMissingArtifact)) return "";
    }
    if (!report.result->metrics.contains("attempt")) return "";
  }
  return end_of(report);
}

std::string describe(const rpc::WorkerMessage& message) {
  const auto json = rpc::encode(message);
  std::string text = json.at("type").get<std::string>();
  if (json.contains("key")) text += " " + json.at("key").get<std::string>().substr(0, 8);
  return text;
}

}  // namespace

void World::connect(SimulatedWorker& worker) {
  if (!server_ || worker.connected()) return;
  auto connection = std::make_shared<Connection>();
  connection->worker = static_cast<std::size_t>(&worker - workers_.data());
  connection->session = server_->core().session_opened(std::make_shared<SimulatedLink>(
      connection, [this](const Connection& from, const rpc::CoordinatorMessage& message) { on_sent(from, message); }));
  connections_.push_back(connection);
  worker.connect(connection);
}

void World::cut(SimulatedWorker& worker, std::uint32_t frames) {
  if (!worker.connected()) return;
  count("cuts");
  auto& queue = worker.connection()->to_core;
  const std::size_t arrive = frames % (queue.size() + 1);
  count("frames lost", queue.size() - arrive);
  queue.erase(queue.begin() + static_cast<std::ptrdiff_t>(arrive), queue.end());
  worker.disconnect();
}

void World::deliver_to(SimulatedWorker& worker, std::uint32_t frames) {
  for (; frames > 0 && worker.connected(); --frames) {
    const auto connection = worker.connection();
    if (connection->to_worker.empty()) {
      if (connection->core_closed) worker.disconnect();
      return;
    }
    const rpc::CoordinatorMessage message = std::move(connection->to_worker.front());
    connection->to_worker.pop_front();
    worker.receive(message, [this](const std::string& text) { problem(text); });
  }
}

void World::deliver_from(Connection& connection, std::uint32_t frames) {
  if (!server_ || !connection.core_is_there || connection.swallowed) return;
  std::vector<rpc::WorkerMessage> frame;
  for (; frames > 0 && !connection.to_core.empty(); --frames) {
    frame.push_back(std::move(connection.to_core.front()));
    connection.to_core.pop_front();
    const std::string name = "w" + std::to_string(connection.worker);
    trace_.note("  from " + name + " " + describe(frame.back()));
    if (const auto* report = std::get_if<rpc::AttemptFinished>(&frame.back()))
      ledger_.reported(report->attempt, name, promised_end(*report));
  }
  if (!frame.empty()) server_->core().session_messages(connection.session, frame);
  if (frames == 0 || connection.worker_is_there) return;
  server_->core().session_closed(connection.session);
  connection.core_is_there = false;
}

void World::deliver_all() {
  for (std::size_t i = 0; i < connections_.size(); ++i)
    deliver_from(*connections_[i], static_cast<std::uint32_t>(-1));
  for (SimulatedWorker& each : workers_)
    deliver_to(each, static_cast<std::uint32_t>(-1));
  forget_dead_connections();
}

void World::forget_dead_connections() {
  std::erase_if(connections_, [](const std::shared_ptr<Connection>& connection) { return connection->over(); });
}

void World::on_sent(const Connection& connection, const rpc::CoordinatorMessage& message) {
  const std::string name = "w" + std::to_string(connection.worker);
  trace_.note("  to " + name + " " + rpc::encode(message).at("type").get<std::string>());
  if (const auto* assign = std::get_if<rpc::Assign>(&message)) {
    for (rpc::Assignment job : assign->jobs) {
      rpc::parse_texts(job);
      count("assigned");
      if (job.gang) count(job.gang->rank == 0 ? "gangs" : "ranks");
      ledger_.assigned(job, name);
      all_assignments_.push_back(job);
    }
  } else if (const auto* ack = std::get_if<rpc::Ack>(&message)) {
    for (const rpc::Acknowledgement& each : ack->acks) {
      count(each.accepted ? "accepted" : "refused: " + each.reason);
      ledger_.acknowledged(each, name);
    }
  }
}

}  // namespace checkerlab::simulation
