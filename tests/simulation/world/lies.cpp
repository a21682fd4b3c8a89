// What a worker may say that is not true, late, or nonsense. None of it may change a result.
#include <algorithm>

#include "tests/simulation/world/catalogue.hpp"
#include "tests/simulation/world/world.hpp"

namespace checkerlab::simulation {
namespace {

rpc::AttemptFinished claim(const rpc::Assignment& job) {
  return {job.attempt, rpc::Outcome::kSucceeded, honest_result(job), std::nullopt};
}

rpc::AttemptFinished claim_of_failure(const rpc::AttemptRef& attempt) {
  rpc::AttemptFinished message{attempt, rpc::Outcome::kFailed, std::nullopt, rpc::JobFailure{}};
  message.error->code = "invalid_data";
  message.error->message = "I say so";
  return message;
}

// It has the job, or will have it in a moment.
bool has(const SimulatedWorker& worker, const JobKey& key) {
  const auto names_it = [&](const rpc::Assignment& job) { return job.attempt.key == key; };
  return std::ranges::any_of(worker.assignments(), names_it) ||
         std::ranges::any_of(worker.connection()->to_worker, [&](const rpc::CoordinatorMessage& message) {
           const auto* assign = std::get_if<rpc::Assign>(&message);
           return assign && std::ranges::any_of(assign->jobs, names_it);
         });
}

}  // namespace

void World::lie(SimulatedWorker& liar, std::uint32_t kind, std::uint32_t which) {
  if (!liar.connected() || all_assignments_.empty()) return;
  rpc::Assignment job = all_assignments_[which % all_assignments_.size()];
  if (has(liar, job.attempt.key)) return;  // that would be no lie
  count("lies");
  switch (kind % 11) {
    case 0:
    case 1:
    case 2:  // the work of another, or its own of former times
      return liar.say(claim(job));
    case 3:
      return liar.say(claim_of_failure(job.attempt));
    case 4:  // a fence that is not there yet
      job.attempt.attempt = AttemptNumber{value_of(job.attempt.attempt) + 1};
      return liar.say(claim(job));
    case 5:
      job.attempt.key = JobKey(std::string(64, 'e'));
      return liar.say(claim(job));
    case 6:
      return liar.say(rpc::AttemptStarted{{JobKey("no key"), AttemptNumber{1}}});
    case 7:
      return liar.say(rpc::Hello{});
    case 9:
      return liar.say(rpc::GangListening{job.attempt, "where a liar waits", 4'000});
    case 8:
      return liar.say(rpc::Heartbeat{{job.attempt}});
    default:
      liar.say(rpc::AttemptStarted{job.attempt});
      liar.say(rpc::Progress{job.attempt, 7, 8, "steps", "after the end"});
      liar.say(rpc::Checkpoint{job.attempt, 7, {"checkpoint", std::string(64, 'd'), 10}});
      return;
  }
}

}  // namespace checkerlab::simulation
