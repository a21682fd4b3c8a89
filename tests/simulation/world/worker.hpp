// A worker as the coordinator sees one: it keeps what it was given until the end of it was acknowledged, over every
// loss of its connection, and tells again what it does not know to have arrived (worker/agent does the same).
// For one thread.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/simulation/checks/ledger.hpp"
#include "tests/simulation/world/meetings.hpp"
#include "tests/simulation/world/network.hpp"

namespace checkerlab::simulation {

class SimulatedWorker {
 public:
  // `meetings` outlives the worker.
  SimulatedWorker(std::size_t place, int slots, int prefetch, std::vector<std::string> kinds, Meetings& meetings);

  // ---- connection ----
  bool connected() const { return connection_ != nullptr; }
  // Says hello on a new connection.
  void connect(std::shared_ptr<Connection> connection);
  // Its end of the connection is gone.
  void disconnect();
  const std::shared_ptr<Connection>& connection() const { return connection_; }
  // The next message arrives. Problems are what a coordinator must never do to a worker.
  void receive(const rpc::CoordinatorMessage& message, const ReportProblem& report);

  // ---- work; reports go out at once when connected, else after the next welcome ----
  enum class Ending : std::uint8_t { succeeds, fails, crashes, gives_back, brings_no_artifact };
  // Starts the attempt, or ends one that was started; who waits for other ranks does not succeed yet. `which` is taken
  // modulo what it has.
  void work(std::uint32_t which, Ending ending);
  // Does the whole of an attempt at once; nothing when it has ended.
  void finish(const rpc::AttemptRef& attempt);
  void heartbeat();
  void chatter(std::uint32_t which);
  // Sends the report of an ended attempt again; also one that was acknowledged.
  void repeat(std::uint32_t which);
  bool has_open() const { return !held_.empty(); }

  // Another process takes its place: nothing of the work is known to it.
  void replace();

  // Whatever was ever reported, for liars.
  const std::vector<rpc::AttemptFinished>& past() const { return past_; }
  std::vector<rpc::Assignment> assignments() const;
  // Attempts that it goes on with, and would be told of by now if nobody wanted them; none while something is under
  // way in either direction.
  std::vector<rpc::Assignment> undisturbed() const;
  // Puts a message on its connection, if it has one.
  void say(rpc::WorkerMessage message);
  bool gave_back() const { return gave_back_; }

 private:
  struct Held {
    rpc::Assignment job;
    bool started = false;
    bool told_to_stop = false;
    std::optional<rpc::AttemptFinished> report;
    int waited = 0;  // for the other ranks, so many times in vain
  };
  using Attempt = std::pair<std::string, std::uint32_t>;

  static Attempt name_of(const rpc::AttemptRef& attempt) { return {attempt.key.str(), value_of(attempt.attempt)}; }
  void take(const rpc::Assign& assign, const ReportProblem& report);
  void start(Held& held);
  void end(Held& held, Ending ending);
  bool waits_for_ranks(const Held& held) const;
  std::vector<rpc::AttemptRef> held_attempts() const;
  std::size_t occupied() const;
  bool about_to_be_stopped(const rpc::AttemptRef& attempt) const;

  std::size_t place_;
  std::uint32_t process_ = 0;
  int slots_;
  int prefetch_;
  std::vector<std::string> kinds_;
  Meetings* meetings_;
  std::map<Attempt, Held> held_;
  std::set<Attempt> ended_;  // as it said, of attempts that it has, will have, or never had
  std::vector<rpc::AttemptFinished> past_;
  std::shared_ptr<Connection> connection_;
  bool welcomed_ = false;
  bool gave_back_ = false;
};

}  // namespace checkerlab::simulation
