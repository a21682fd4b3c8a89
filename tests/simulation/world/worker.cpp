#include "tests/simulation/world/worker.hpp"

#include <algorithm>

#include "tests/simulation/process/server.hpp"
#include "tests/simulation/world/catalogue.hpp"

namespace checkerlab::simulation {
namespace {

// A rank that does not come may never come: its worker said that it was done, or lost the assignment.
constexpr int kPatience = 25;

rpc::AttemptFinished failure(const rpc::AttemptRef& attempt, const std::string& code, bool retryable) {
  rpc::AttemptFinished message{attempt, rpc::Outcome::kFailed, std::nullopt, rpc::JobFailure{}};
  message.error->code = code;
  message.error->message = "it broke";
  message.error->retryable = retryable;
  return message;
}

bool leads(const rpc::Assignment& job) {
  return job.gang && job.gang->rank == 0;
}

}  // namespace

SimulatedWorker::SimulatedWorker(std::size_t place, int slots, int prefetch, std::vector<std::string> kinds,
                                 Meetings& meetings)
    : place_(place), slots_(slots), prefetch_(prefetch), kinds_(std::move(kinds)), meetings_(&meetings) {}

void SimulatedWorker::connect(std::shared_ptr<Connection> connection) {
  connection_ = std::move(connection);
  welcomed_ = false;
  rpc::Hello hello;
  hello.name = "w" + std::to_string(place_);
  hello.instance = "p" + std::to_string(process_);
  hello.version = "1.2.3";
  hello.slots = slots_;
  hello.prefetch = prefetch_;
  hello.kinds = kinds_;
  hello.device.type = "cpu";
  hello.held = held_attempts();
  say(std::move(hello));
}

void SimulatedWorker::disconnect() {
  if (connection_) connection_->worker_is_there = false;
  connection_.reset();
}

void SimulatedWorker::replace() {
  disconnect();
  ++process_;
  held_.clear();
  ended_.clear();
  past_.clear();
  gave_back_ = false;
}

void SimulatedWorker::say(rpc::WorkerMessage message) {
  if (const auto* finished = std::get_if<rpc::AttemptFinished>(&message)) ended_.insert(name_of(finished->attempt));
  if (connection_) connection_->to_core.push_back(std::move(message));
}

void SimulatedWorker::receive(const rpc::CoordinatorMessage& message, const ReportProblem& report) {
  const auto handlers = rpc::Overloaded{
      [&](const rpc::Welcome& welcome) {
        welcomed_ = true;
        connection_->worker_id = welcome.worker_id;
        for (const auto& [name, held] : held_) {
          if (held.report) say(*held.report);
          if (leads(held.job) && held.started && !held.report) say(Meetings::place_of(held.job));
        }
      },
      [&](const rpc::Assign& assign) { take(assign, report); },
      [&](const rpc::Cancel& cancel) {
        const auto found = held_.find(name_of(cancel.attempt));
        if (found == held_.end() || found->second.report) return;
        found->second.told_to_stop = true;
      },
      [&](const rpc::Ack& ack) {
        for (const rpc::Acknowledgement& each : ack.acks)
          held_.erase(name_of(each.attempt));
      },
      [&](const rpc::GangAddress& address) {
        const auto found = held_.find(name_of(address.attempt));
        if (found == held_.end()) return;
        const rpc::Assignment& job = found->second.job;
        if (!job.gang || job.gang->rank == 0 || !meetings_->join(job, address))
          report("worker w" + std::to_string(place_) + " was sent to where no leader of its gang waits");
      },
      [](const rpc::Drain&) {},
      [](const rpc::ProtocolError&) {},
  };
  std::visit(handlers, message);
}

void SimulatedWorker::take(const rpc::Assign& assign, const ReportProblem& report) {
  for (rpc::Assignment job : assign.jobs) {
    rpc::parse_texts(job);
    const std::string kind = job.spec.at("kind");
    if (std::ranges::find(kinds_, kind) == kinds_.end()) report("a worker was given a " + kind + " that it cannot do");
    held_[name_of(job.attempt)] = {job, false, false, std::nullopt, 0};
  }
  if (occupied() > static_cast<std::size_t>(slots_ + prefetch_))
    report("worker w" + std::to_string(place_) + " was given more than it has room for");
}

// Attempts that go on as far as the coordinator can know.
std::size_t SimulatedWorker::occupied() const {
  return static_cast<std::size_t>(std::ranges::count_if(held_, [&](const auto& entry) {
    const Held& held = entry.second;
    return !held.report && !ended_.contains(name_of(held.job.attempt)) && !held.told_to_stop &&
           !about_to_be_stopped(held.job.attempt);
  }));
}

bool SimulatedWorker::about_to_be_stopped(const rpc::AttemptRef& attempt) const {
  return std::ranges::any_of(connection_->to_worker, [&](const rpc::CoordinatorMessage& message) {
    const auto* cancel = std::get_if<rpc::Cancel>(&message);
    return cancel && name_of(cancel->attempt) == name_of(attempt);
  });
}

std::vector<rpc::AttemptRef> SimulatedWorker::held_attempts() const {
  std::vector<rpc::AttemptRef> attempts;
  for (const auto& [name, held] : held_)
    attempts.push_back(held.job.attempt);
  return attempts;
}

std::vector<rpc::Assignment> SimulatedWorker::assignments() const {
  std::vector<rpc::Assignment> jobs;
  for (const auto& [name, held] : held_)
    jobs.push_back(held.job);
  return jobs;
}

std::vector<rpc::Assignment> SimulatedWorker::undisturbed() const {
  std::vector<rpc::Assignment> attempts;
  if (!connection_ || !welcomed_ || !connection_->quiet()) return attempts;
  for (const auto& [name, held] : held_) {
    if (!held.report && !held.told_to_stop) attempts.push_back(held.job);
  }
  return attempts;
}

void SimulatedWorker::work(std::uint32_t which, Ending ending) {
  std::vector<Held*> open;
  for (auto& [name, held] : held_) {
    if (!held.report) open.push_back(&held);
  }
  if (open.empty()) return;
  Held& held = *open[which % open.size()];
  if (held.started || held.told_to_stop) return end(held, ending);
  start(held);
}

void SimulatedWorker::start(Held& held) {
  held.started = true;
  say(rpc::AttemptStarted{held.job.attempt});
  if (leads(held.job)) say(Meetings::place_of(held.job));
}

bool SimulatedWorker::waits_for_ranks(const Held& held) const {
  if (!held.job.gang) return false;
  return leads(held.job) ? !meetings_->complete(held.job) : !meetings_->has_joined(held.job);
}

void SimulatedWorker::finish(const rpc::AttemptRef& attempt) {
  const auto found = held_.find(name_of(attempt));
  if (found == held_.end() || found->second.report) return;
  if (!found->second.started) start(found->second);
  end(found->second, Ending::succeeds);
}

void SimulatedWorker::end(Held& held, Ending ending) {
  const rpc::AttemptRef& attempt = held.job.attempt;
  if (held.told_to_stop) {
    held.report = rpc::AttemptFinished{attempt, rpc::Outcome::kCancelled, std::nullopt, std::nullopt};
  } else if (ending == Ending::fails) {
    held.report = failure(attempt, "invalid_data", false);
  } else if (ending == Ending::crashes) {
    held.report = failure(attempt, "crashed", true);
  } else if (ending == Ending::gives_back) {
    held.report = failure(attempt, "preempted", true);
    gave_back_ = true;
  } else if (waits_for_ranks(held)) {
    if (++held.waited < kPatience) return;
    held.report = failure(attempt, "rank_gone", true);
  } else if (held.job.gang && held.job.gang->rank > 0) {
    held.report = rpc::AttemptFinished{attempt, rpc::Outcome::kSucceeded, rpc::JobResult{}, std::nullopt};
  } else {
    held.report = rpc::AttemptFinished{attempt, rpc::Outcome::kSucceeded, honest_result(held.job), std::nullopt};
    if (ending == Ending::brings_no_artifact)
      held.report->result->artifacts.push_back({"lost", kMissingArtifact + std::string(60, '0'), 1});
  }
  past_.push_back(*held.report);
  if (welcomed_) say(*held.report);
}

void SimulatedWorker::heartbeat() {
  if (welcomed_) say(rpc::Heartbeat{held_attempts()});
}

void SimulatedWorker::chatter(std::uint32_t which) {
  if (held_.empty()) return;
  const rpc::AttemptRef attempt = std::next(held_.begin(), which % held_.size())->second.job.attempt;
  const std::int64_t step = which % 100;
  say(rpc::Progress{attempt, step, 100, "steps", "working"});
  say(rpc::Curve{attempt, {{"loss", step, 0.5}}});
  say(rpc::Log{attempt, {{"2026-01-01T00:00:00Z", "info", "step " + std::to_string(step)}}});
  say(rpc::Checkpoint{attempt, step, {"checkpoint", std::string(64, 'c'), 10}});
}

void SimulatedWorker::repeat(std::uint32_t which) {
  if (welcomed_ && !past_.empty()) say(past_[which % past_.size()]);
}

}  // namespace checkerlab::simulation
