#include <utility>

#include "base/error.hpp"
#include "base/sha256.hpp"
#include "coordinator/service/coordinator_impl.hpp"
#include "coordinator/store/result_rows.hpp"
#include "coordinator/store/worker_rows.hpp"

namespace checkerlab::coordinator {
namespace {

// The same process keeps its id over reconnections and over restarts of the coordinator.
std::string worker_id(const rpc::Hello& hello) {
  return sha256_hex(hello.name + "\n" + hello.instance).substr(0, 12);
}

scheduler::AttemptId attempt_id(const rpc::AttemptRef& attempt) {
  return {scheduler::parse_key(attempt.key.str()), value_of(attempt.attempt)};
}

std::vector<scheduler::AttemptId> attempt_ids(const std::vector<rpc::AttemptRef>& attempts) {
  std::vector<scheduler::AttemptId> ids;
  for (const rpc::AttemptRef& attempt : attempts)
    ids.push_back(attempt_id(attempt));
  return ids;
}

scheduler::Outcome outcome_of(const rpc::AttemptFinished& message) {
  if (message.outcome == rpc::Outcome::kSucceeded) return scheduler::Outcome::succeeded;
  if (message.outcome == rpc::Outcome::kCancelled || !message.error) return scheduler::Outcome::preempted;
  if (message.error->code == "preempted") return scheduler::Outcome::preempted;
  // Said only when no other rank has told why it went (libmodel/distributed).
  if (message.error->code == "rank_gone") return scheduler::Outcome::lost;
  return message.error->retryable ? scheduler::Outcome::crashed : scheduler::Outcome::failed;
}

rpc::AttemptFinished refused(const rpc::AttemptFinished& message, const std::string& code, const std::string& text,
                             bool retryable) {
  rpc::AttemptFinished failed{message.attempt, rpc::Outcome::kFailed, std::nullopt, rpc::JobFailure{}};
  failed.error->code = code;
  failed.error->message = text;
  failed.error->retryable = retryable;
  return failed;
}

}  // namespace

SessionId Coordinator::Impl::open(std::shared_ptr<WorkerLink> link, WorkerCredential credential) {
  const SessionId id{++sessions_opened_};
  sessions_[id] = {std::move(link), "", "", std::move(credential)};
  return id;
}

std::vector<std::int64_t> Coordinator::Impl::held_jobs(const std::string& token) const {
  std::vector<std::int64_t> jobs;
  for (const auto& [id, session] : sessions_) {
    const auto worker = session.credential.token == token ? state_.find_worker(session.worker) : std::nullopt;
    if (!worker) continue;
    for (const scheduler::Hold& hold : state_.worker(*worker).holds)
      jobs.push_back(number_of(hold.job));
  }
  return jobs;
}

void Coordinator::Impl::send(SessionId session, const rpc::CoordinatorMessage& message) {
  const auto found = sessions_.find(session);
  if (found != sessions_.end()) found->second.link->send(message);
}

void Coordinator::Impl::drop_session(SessionId id, const std::string& reason) {
  const auto found = sessions_.find(id);
  if (found == sessions_.end()) return;
  const Session session = std::move(found->second);
  sessions_.erase(found);
  const auto current = session_by_worker_.find(session.worker);
  if (current != session_by_worker_.end() && current->second == id) session_by_worker_.erase(current);
  session.link->close(reason);
}

void Coordinator::Impl::reject(SessionId id, const Error& error) {
  rpc::Problem problem;
  problem.type = "urn:checkerlab:problem:" + std::string(to_string(error.code()));
  problem.title = "The worker's message was refused";
  problem.status = error.code() == ErrorCode::unavailable ? 503 : error.code() == ErrorCode::forbidden ? 403 : 400;
  problem.detail = error.what();
  problem.fix = error.fix();
  send(id, rpc::ProtocolError{problem});
  drop_session(id, error.what());
}

void Coordinator::Impl::close(SessionId id) {
  const auto found = sessions_.find(id);
  if (found == sessions_.end()) return;
  const std::string worker = found->second.worker;
  sessions_.erase(found);
  const auto current = session_by_worker_.find(worker);
  if (current == session_by_worker_.end() || current->second != id) return;
  session_by_worker_.erase(current);
  if (!loaded_) return;
  Change change;
  apply(scheduler::WorkerDisconnected{worker}, change);
  commit(std::move(change));
}

void Coordinator::Impl::receive(SessionId session, std::span<const rpc::WorkerMessage> messages) {
  Change change;
  std::optional<Error> problem;
  try {
    require_loaded();
    for (const rpc::WorkerMessage& message : messages)
      on_message(session, message, change);
  } catch (const Error& error) {
    problem = error;
  }
  commit(std::move(change));  // also what came before a bad message: the scheduler knows it already
  if (!problem) return;
  const auto found = sessions_.find(session);
  const std::string worker = found == sessions_.end() ? "" : found->second.worker;
  reject(session, *problem);
  if (worker.empty() || !loaded_) return;
  Change gone;
  apply(scheduler::WorkerDisconnected{worker}, gone);
  commit(std::move(gone));
}

void Coordinator::Impl::on_message(SessionId id, const rpc::WorkerMessage& message, Change& change) {
  const auto found = sessions_.find(id);
  if (found == sessions_.end()) return;  // replaced or dropped: what still arrives counts for nothing
  if (const auto* hello = std::get_if<rpc::Hello>(&message)) {
    on_hello(id, *hello, change);
    return;
  }
  const Session& session = found->second;
  if (session.worker.empty()) {
    throw Error(ErrorCode::invalid_argument, "the first message of a worker has to be hello");
  }
  const std::int64_t now = utc_ms();
  const auto handlers =
      rpc::Overloaded{[&](const rpc::Hello&) {},
                      [&](const rpc::Heartbeat& heartbeat) {
                        change.disk.steps.push_back([worker = session.worker, devices = heartbeat.devices, now](
                                                        SQLite::Database& database, std::vector<ServerEvent>&) {
                          touch_worker(database, worker, devices, now);
                        });
                        apply(scheduler::Heartbeat{session.worker, attempt_ids(heartbeat.attempts)}, change);
                      },
                      [&](const rpc::AttemptStarted& started) { on_started(session, started, change); },
                      [&](const rpc::Progress& progress) { on_progress(session, progress, change); },
                      [&](const rpc::Curve& curve) { on_curve(session, curve, change); },
                      [&](const rpc::Log& log) { on_log(session, log, change); },
                      [&](const rpc::Checkpoint& checkpoint) { on_checkpoint(session, checkpoint, change); },
                      [&](const rpc::AttemptFinished& finished) { on_finished(session, finished, change); },
                      [&](const rpc::GangListening& listening) { on_listening(session, listening); }};
  std::visit(handlers, message);
}

void Coordinator::Impl::on_hello(SessionId id, const rpc::Hello& hello, Change& change) {
  Session& session = sessions_.at(id);
  if (!session.worker.empty()) throw Error(ErrorCode::invalid_argument, "a worker says hello once");
  if (!session.credential.worker.empty() && session.credential.worker != hello.name) {
    throw Error(ErrorCode::forbidden,
                "this token is for the worker '" + session.credential.worker + "', not for '" + hello.name + "'",
                "Start it with --name " + session.credential.worker + ", or with a token of its own.");
  }
  const auto held = attempt_ids(hello.held);
  session.worker = worker_id(hello);
  session.version = hello.version;
  const auto former = session_by_worker_.find(session.worker);
  if (former != session_by_worker_.end()) drop_session(former->second, "the worker has connected again");
  session_by_worker_[session.worker] = id;
  change.disk.steps.push_back(
      [worker = session.worker, hello, now = utc_ms()](SQLite::Database& database, std::vector<ServerEvent>&) {
        upsert_worker(database, worker, hello, now);
      });
  const std::chrono::duration<double> lease = options_.lease;
  const std::chrono::duration<double> heartbeat = options_.heartbeat;
  change.aftermath.callbacks.push_back(
      [this, id, welcome = rpc::Welcome{session.worker, lease.count(), heartbeat.count()}](std::exception_ptr error) {
        if (!error) send(id, welcome);
      });
  apply(scheduler::WorkerConnected{session.worker, static_cast<std::uint32_t>(hello.slots),
                                   static_cast<std::uint32_t>(hello.prefetch), hello.kinds, held, hello.name,
                                   hello.labels, hello.device.memory_bytes, hello.version},
        change);
  tell_addresses(id, session.worker, change);
}

void Coordinator::Impl::on_finished(const Session& session, const rpc::AttemptFinished& message, Change& change) {
  rpc::AttemptFinished judged = message;
  const auto job = present_job(session, message.attempt);
  if (job && message.outcome == rpc::Outcome::kSucceeded) {
    const std::string problem = result_problem(state_.kinds[at(state_.job(*job).kind)].name, *message.result);
    if (!problem.empty())
      judged = refused(message, "invalid_result", "the worker's result cannot be used: " + problem, false);
    for (const rpc::ArtifactRef& artifact : message.result->artifacts) {
      if (artifact_exists_(artifact.sha256)) continue;
      judged = refused(message, "artifact_missing",
                       "artifact '" + artifact.name + "' (" + artifact.sha256 + ") was not uploaded before the result",
                       true);
    }
  }
  Report report{&judged, nullptr, session.worker, session.version};
  if (judged.error) {
    report.error = rpc::encode(*judged.error);
    name_rank(session, message.attempt, report.error);
  }
  // A worker gives work back only because it stops: it must not be handed the same job again.
  if (judged.error && judged.error->code == "preempted") apply(scheduler::WorkerDraining{session.worker}, change);
  apply(scheduler::AttemptFinished{session.worker, attempt_id(message.attempt), outcome_of(judged)}, change, report);
}

}  // namespace checkerlab::coordinator
