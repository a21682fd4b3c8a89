// What was promised to people and workers, and whether a database keeps it.
//
// Kept outside of the coordinator, so that it survives every crash. Promises are those of coordinator.hpp and
// scheduler.hpp: an answer without error and an acknowledgement mean that it is on disk. Each member that can find a
// broken promise says so through `report`. For one thread.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "coordinator/service/server_event.hpp"
#include "rpc/messages.hpp"

namespace checkerlab::simulation {

using ReportProblem = std::function<void(const std::string& problem)>;

// How an attempt has to end in the database once its report was accepted; empty: in whatever way.
std::string end_of(const rpc::AttemptFinished& report);

class Ledger {
 public:
  explicit Ledger(ReportProblem report) : report_(std::move(report)) {}

  // ---- people; studies are named by their place in the catalogue ----
  // Gives a number for `answered`. `was_open`: a cancel would change it, as far as the coordinator knew.
  std::uint32_t submit_asked(std::size_t study);
  std::uint32_t cancel_asked(std::size_t study, bool was_open);
  void submit_answered(std::size_t study, std::uint32_t number, const std::string& id);
  // `id`: of the study that it was about; here and below.
  void cancel_answered(std::size_t study, std::uint32_t number, const std::string& id);
  std::uint32_t extend_asked(std::size_t study);
  // `jobs`: how many the study has now; 0 when that may grow by itself.
  void extend_answered(std::size_t study, std::uint32_t number, const std::string& id, std::int64_t jobs);
  // Asked for as a submission: it opens the study in the same way, unless it started nothing.
  void rerun_answered(std::size_t study, std::uint32_t number, const std::string& id, bool started);
  // Empty while no answer has told it.
  std::string study_id(std::size_t study) const;

  // ---- workers; named by the id that the coordinator gives them ----
  void assigned(const rpc::Assignment& job, const std::string& worker);
  // `end` as from end_of; empty for a lie.
  void reported(const rpc::AttemptRef& attempt, const std::string& worker, const std::string& end);
  void acknowledged(const rpc::Acknowledgement& ack, const std::string& worker);

  // ---- watchers ----
  void told(const coordinator::ServerEvent& event);

  // All promises, against what is committed.
  void check(SQLite::Database& database) const;

 private:
  struct Request {
    std::uint32_t number = 0;
    bool cancels = false;
    bool changes = false;
    bool answered = false;
    std::string target = {};  // the study that it was for, where that was known
    bool extends = false;
    std::int64_t jobs = 0;  // of the study after it was extended
  };
  struct StudyPromises {
    std::string id;
    std::vector<Request> requests;
  };
  using Attempt = std::pair<std::string, std::uint32_t>;  // key, number

  std::uint32_t ask(std::size_t study, Request request);
  void check_size(const rpc::Assignment& job, const std::string& name) const;
  Request* answer(std::size_t study, std::uint32_t number, const std::string& id);
  void check_set(SQLite::Database& database, const std::string& study, const std::vector<Request>& requests) const;
  void check_study(SQLite::Database& database, const StudyPromises& study) const;
  void check_attempts(SQLite::Database& database) const;

  ReportProblem report_;
  std::uint32_t requests_ = 0;
  std::map<std::size_t, StudyPromises> studies_;
  std::map<std::pair<Attempt, int>, std::string> handed_to_;  // of (attempt, rank)
  std::set<std::pair<Attempt, std::string>> other_ranks_;     // not the leader
  std::map<std::string, std::uint32_t> last_number_;
  std::map<std::pair<Attempt, std::string>, std::string> ends_;  // of (attempt, worker)
  std::map<Attempt, std::string> accepted_;
  std::uint64_t last_event_ = 0;
};

}  // namespace checkerlab::simulation
