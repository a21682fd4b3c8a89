// Attempts that several workers do together: bringing their ranks together, and who they were.
#include "coordinator/scheduler/gangs.hpp"

#include "coordinator/service/coordinator_impl.hpp"

namespace checkerlab::coordinator {

void Coordinator::Impl::recall_gangs() {
  gangs_.clear();
  for (const auto& [job, gang] : state_.gangs) {
    GangMemory& memory = gangs_[job];
    memory.number = state_.job(job).attempt;
    for (const scheduler::WorkerIndex worker : gang.workers)
      memory.workers.push_back(state_.worker(worker).id);
  }
}

// Only the leader of the present attempt is listened to.
void Coordinator::Impl::on_listening(const Session& session, const rpc::GangListening& message) {
  const auto job = present_job(session, message.attempt);
  const auto gang = job ? gangs_.find(*job) : gangs_.end();
  if (gang == gangs_.end()) return;
  gang->second.address = {message.attempt, message.host, message.port};
  for (std::size_t rank = 1; rank < gang->second.workers.size(); ++rank) {
    const auto member = session_by_worker_.find(gang->second.workers[rank]);
    if (member != session_by_worker_.end()) send(member->second, *gang->second.address);
  }
}

// After its welcome: it may have been away when the leader told.
void Coordinator::Impl::tell_addresses(SessionId id, const std::string& worker, Change& change) {
  const auto index = state_.find_worker(worker);
  if (!index) return;
  for (const scheduler::Hold& hold : state_.worker(*index).holds) {
    const auto gang = gangs_.find(hold.job);
    if (hold.rank == 0 || hold.cancelling || gang == gangs_.end() || !gang->second.address) continue;
    change.aftermath.callbacks.push_back([this, id, address = *gang->second.address](std::exception_ptr error) {
      if (!error) send(id, address);
    });
  }
}

void Coordinator::Impl::name_rank(const Session& session, const rpc::AttemptRef& attempt, Json& error) const {
  const auto job = state_.find_job(scheduler::parse_key(attempt.key.str()));
  const auto gang = job ? gangs_.find(*job) : gangs_.end();
  if (gang == gangs_.end() || gang->second.number != value_of(attempt.attempt)) return;
  const auto& workers = gang->second.workers;
  for (std::size_t rank = 0; rank < workers.size(); ++rank) {
    if (workers[rank] != session.worker) continue;
    error["message"] = "rank " + std::to_string(rank) + " of " + std::to_string(workers.size()) + ": " +
                       error.at("message").get<std::string>();
  }
}

}  // namespace checkerlab::coordinator
