#include "tests/simulation/checks/ledger.hpp"

#include <algorithm>

#include "coordinator/store/sql.hpp"

namespace checkerlab::simulation {
namespace {

std::string name_of(const std::pair<std::string, std::uint32_t>& attempt) {
  return "attempt " + std::to_string(attempt.second) + " of job " + attempt.first.substr(0, 8);
}

// The first row's first column; empty when there is none.
template <class... Values>
std::string text_of(SQLite::Database& database, const char* sql, const Values&... values) {
  std::string text;
  coordinator::for_each_row(
      database, sql,
      [&](SQLite::Statement& row) {
        if (text.empty()) text = row.getColumn(0).getString();
      },
      values...);
  return text;
}

bool is_open(const std::string& state) {
  return state == "queued" || state == "running";
}

}  // namespace

std::string end_of(const rpc::AttemptFinished& report) {
  if (report.outcome == rpc::Outcome::kSucceeded) return "succeeded";
  if (report.outcome == rpc::Outcome::kCancelled || report.error->code == "preempted") return "preempted";
  return report.error->retryable ? "crashed" : "failed";
}

std::uint32_t Ledger::submit_asked(std::size_t study) {
  studies_[study].requests.push_back({++requests_, false, true, false});
  return requests_;
}

std::uint32_t Ledger::cancel_asked(std::size_t study, bool was_open) {
  studies_[study].requests.push_back({++requests_, true, was_open, false});
  return requests_;
}

void Ledger::submit_answered(std::size_t study, std::uint32_t number, const std::string& id) {
  studies_[study].id = id;
  answer(study, number);
}

void Ledger::cancel_answered(std::size_t study, std::uint32_t number) {
  answer(study, number);
}

void Ledger::answer(std::size_t study, std::uint32_t number) {
  for (Request& request : studies_[study].requests)
    request.answered = request.answered || request.number == number;
}

std::string Ledger::study_id(std::size_t study) const {
  const auto found = studies_.find(study);
  return found == studies_.end() ? "" : found->second.id;
}

void Ledger::assigned(const rpc::Assignment& job, const std::string& worker) {
  const Attempt attempt{job.attempt.key.str(), value_of(job.attempt.attempt)};
  std::uint32_t& last = last_number_[attempt.first];
  if (!handed_to_.emplace(attempt, worker).second) report_(name_of(attempt) + " was handed out twice");
  if (attempt.second <= last) report_(name_of(attempt) + " was handed out after attempt " + std::to_string(last));
  last = attempt.second;
  if (job.inputs.size() != job.spec.value("inputs", coordinator::Json::object()).size())
    report_(name_of(attempt) + " was handed out before its inputs were there");
}

void Ledger::reported(const rpc::AttemptRef& attempt, const std::string& worker, const std::string& end) {
  const auto [entry, is_new] = ends_.try_emplace({{attempt.key.str(), value_of(attempt.attempt)}, worker}, end);
  if (!is_new && entry->second != end) entry->second.clear();
}

void Ledger::acknowledged(const rpc::Acknowledgement& ack, const std::string& worker) {
  const Attempt attempt{ack.attempt.key.str(), value_of(ack.attempt.attempt)};
  const auto reported = ends_.find({attempt, worker});
  if (reported == ends_.end()) {
    report_(name_of(attempt) + " was acknowledged to a worker that never reported it");
    return;
  }
  if (!ack.accepted) return;
  const auto [entry, is_new] = accepted_.try_emplace(attempt, reported->second);
  if (is_new || entry->second == reported->second) return;
  if (entry->second.empty()) entry->second = reported->second;
}

void Ledger::told(const coordinator::ServerEvent& event) {
  if (event.id <= last_event_)
    report_("event " + std::to_string(event.id) + " was told after event " + std::to_string(last_event_));
  last_event_ = event.id;
}

void Ledger::check(SQLite::Database& database) const {
  for (const auto& [place, study] : studies_)
    check_study(database, study);
  check_attempts(database);
}

void Ledger::check_study(SQLite::Database& database, const StudyPromises& study) const {
  const auto last = std::find_if(study.requests.rbegin(), study.requests.rend(),
                                 [](const Request& request) { return request.answered; });
  if (study.id.empty() || last == study.requests.rend()) return;
  const std::string state = text_of(database, "SELECT state FROM studies WHERE id = ?", study.id);
  if (state.empty()) {
    report_("study " + study.id + " was accepted and is not there");
    return;
  }
  // Requests that were never answered may have been carried out or not.
  const auto may_be = [&](bool cancels) {
    return last->cancels == cancels || std::any_of(study.requests.rbegin(), last,
                                                   [&](const Request& request) { return request.cancels == cancels; });
  };
  if (state == "cancelled" && !may_be(true)) report_("study " + study.id + " is cancelled and nobody asked for it");
  if (last->cancels && last->changes && !may_be(false) && is_open(state))
    report_("study " + study.id + " was cancelled and is " + state);
}

void Ledger::check_attempts(SQLite::Database& database) const {
  for (const auto& [attempt, end] : accepted_) {
    const std::string state = text_of(
        database, "SELECT a.state FROM attempts a JOIN jobs j ON j.number = a.job WHERE j.key = ? AND a.number = ?",
        attempt.first, std::int64_t{attempt.second});
    const bool ended = !state.empty() && state != "assigned" && state != "running";
    if (!ended || (!end.empty() && state != end)) {
      report_("the report of " + name_of(attempt) + " (" + (end.empty() ? "some end" : end) +
              ") was accepted, but it is " + (state.empty() ? "not there" : state));
    }
    if (end != "succeeded") continue;
    const std::string result = text_of(
        database, "SELECT r.attempt FROM results r JOIN jobs j ON j.number = r.job WHERE j.key = ?", attempt.first);
    if (result != std::to_string(attempt.second))
      report_("the result of " + name_of(attempt) + " was accepted and is not the one recorded");
  }
}

}  // namespace checkerlab::simulation
