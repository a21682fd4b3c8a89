#include "worker/agent/attempt.hpp"

#include <csignal>
#include <utility>

#include "worker/agent/outbox.hpp"

namespace checkerlab::worker {
namespace {

rpc::AttemptFinished failure(const AttemptId& id, rpc::JobFailure error) {
  return {to_ref(id), rpc::Outcome::kFailed, std::nullopt, std::move(error)};
}

const char* advice(const ExitStatus& status) {
  if (status.signal == SIGKILL)
    return "most likely the machine ran out of memory: use a smaller batch or a larger machine";
  return "it is tried again in a fresh process; see the last log lines";
}

}  // namespace

rpc::AttemptFinished succeeded(const AttemptId& id, rpc::JobResult result) {
  return {to_ref(id), rpc::Outcome::kSucceeded, std::move(result), std::nullopt};
}

rpc::AttemptFinished cancelled(const AttemptId& id) {
  return {to_ref(id), rpc::Outcome::kCancelled, std::nullopt, std::nullopt};
}

rpc::AttemptFinished preempted(const AttemptId& id) {
  return failure(id, {"preempted",
                      "the worker was stopped",
                      "the job goes on elsewhere from its last checkpoint",
                      std::nullopt,
                      true,
                      {}});
}

rpc::AttemptFinished failed(const AttemptId& id, const Error& error, bool retryable) {
  return failure(id, {std::string(to_string(error.code())), error.what(), error.fix(), std::nullopt, retryable, {}});
}

rpc::AttemptFinished failed(const FailedEvent& event, const LogTail& tail) {
  return failure(event.id, {event.code, event.message, event.fix, std::nullopt, event.retryable, tail.lines()});
}

rpc::AttemptFinished crashed(const AttemptId& id, const ExitStatus& status, const std::string& complaint,
                             const LogTail& tail) {
  const auto signal = status.signal != 0 ? std::optional(status.signal) : std::nullopt;
  auto message = "the runner process ended with " + status.text() + " while it ran this job";
  if (!complaint.empty()) message = "the runner process was killed because it sent nonsense (" + complaint + ")";
  return failure(id, {"runner_crashed", std::move(message), advice(status), signal, true, tail.lines()});
}

RunCommand make_command(Attempt& attempt, const std::string& device) {
  RunCommand command;
  command.id = attempt.id;
  command.spec = std::move(attempt.job.spec);
  command.hints = std::move(attempt.job.hints);
  command.scratch = attempt.scratch;
  command.device = device;
  if (const auto& gang = attempt.job.gang)
    command.gang =
        GangPart{.seat = {.rank = gang->rank, .size = gang->size, .secret = gang->secret}, .listen_host = ""};
  for (const auto& [role, input] : attempt.job.inputs) {
    auto& local = command.inputs[role];
    local.key = input.key.str();
    local.metrics = input.metrics;
    for (const auto& [name, blob] : input.artifacts) {
      local.files[name] = {attempt.pins.at(blob.sha256)->path(), blob.sha256};
    }
  }
  if (attempt.job.checkpoint) {
    const auto& checkpoint = *attempt.job.checkpoint;
    command.resume = ResumePoint{attempt.pins.at(checkpoint.sha256)->path(), checkpoint.step};
  }
  return command;
}

}  // namespace checkerlab::worker
