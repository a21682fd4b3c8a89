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
  if (report.error->code == "rank_gone") return "lost";
  return report.error->retryable ? "crashed" : "failed";
}

std::uint32_t Ledger::ask(std::size_t study, Request request) {
  request.number = ++requests_;
  request.target = study_id(study);
  studies_[study].requests.push_back(std::move(request));
  return requests_;
}

std::uint32_t Ledger::submit_asked(std::size_t study) {
  return ask(study, {.changes = true});
}

std::uint32_t Ledger::cancel_asked(std::size_t study, bool was_open) {
  return ask(study, {.cancels = true, .changes = was_open});
}

std::uint32_t Ledger::extend_asked(std::size_t study) {
  return ask(study, {.changes = true, .extends = true});
}

void Ledger::submit_answered(std::size_t study, std::uint32_t number, const std::string& id) {
  studies_[study].id = id;
  answer(study, number, id);
}

void Ledger::cancel_answered(std::size_t study, std::uint32_t number, const std::string& id) {
  answer(study, number, id);
}

void Ledger::extend_answered(std::size_t study, std::uint32_t number, const std::string& id, std::int64_t jobs) {
  if (Request* request = answer(study, number, id)) request->jobs = jobs;
}

void Ledger::rerun_answered(std::size_t study, std::uint32_t number, const std::string& id, bool started) {
  if (started) {
    answer(study, number, id);
  } else {
    std::erase_if(studies_[study].requests, [&](const Request& request) { return request.number == number; });
  }
}

Ledger::Request* Ledger::answer(std::size_t study, std::uint32_t number, const std::string& id) {
  for (Request& request : studies_[study].requests) {
    if (request.number != number) continue;
    request.answered = true;
    request.target = id;
    return &request;
  }
  return nullptr;
}

std::string Ledger::study_id(std::size_t study) const {
  const auto found = studies_.find(study);
  return found == studies_.end() ? "" : found->second.id;
}

void Ledger::assigned(const rpc::Assignment& job, const std::string& worker) {
  const Attempt attempt{job.attempt.key.str(), value_of(job.attempt.attempt)};
  std::uint32_t& last = last_number_[attempt.first];
  const int rank = job.gang ? job.gang->rank : 0;
  if (!handed_to_.emplace(std::pair(attempt, rank), worker).second) report_(name_of(attempt) + " was handed out twice");
  check_size(job, name_of(attempt));
  if (rank > 0) other_ranks_.emplace(attempt, worker);
  if (attempt.second < last || (attempt.second == last && !job.gang))
    report_(name_of(attempt) + " was handed out after attempt " + std::to_string(last));
  last = attempt.second;
  if (job.inputs.size() != job.spec.value("inputs", coordinator::Json::object()).size())
    report_(name_of(attempt) + " was handed out before its inputs were there");
}

// As many workers as were asked for.
void Ledger::check_size(const rpc::Assignment& job, const std::string& name) const {
  const auto placement = job.hints.value("placement", coordinator::Json::object());
  const auto ranks = placement.value("ranks", coordinator::Json{{"min", 1}, {"max", 1}});
  const int size = job.gang ? job.gang->size : 1;
  if (size < ranks.at("min") || size > ranks.at("max"))
    report_(name + " was handed to " + std::to_string(size) + " workers");
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
  // The part of a rank that ends well says nothing of the attempt.
  if (other_ranks_.contains({attempt, worker}) && reported->second.empty()) return;
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
  std::vector<Request> requests;
  for (const Request& request : study.requests) {
    if (request.target.empty() || request.target == study.id) requests.push_back(request);
  }
  const auto last =
      std::find_if(requests.rbegin(), requests.rend(), [](const Request& request) { return request.answered; });
  if (study.id.empty() || last == requests.rend()) return;
  const std::string state = text_of(database, "SELECT state FROM studies WHERE id = ?", study.id);
  if (state.empty()) {
    report_("study " + study.id + " was accepted and is not there");
    return;
  }
  // Requests that were never answered may have been carried out or not.
  const auto may_be = [&](bool cancels) {
    return last->cancels == cancels ||
           std::any_of(requests.rbegin(), last, [&](const Request& request) { return request.cancels == cancels; });
  };
  if (state == "cancelled" && !may_be(true)) report_("study " + study.id + " is cancelled and nobody asked for it");
  if (last->cancels && last->changes && !may_be(false) && is_open(state))
    report_("study " + study.id + " was cancelled and is " + state);
  check_set(database, study.id, requests);
}

// The last extension, if it was answered, decides what the study consists of.
void Ledger::check_set(SQLite::Database& database, const std::string& study,
                       const std::vector<Request>& requests) const {
  const auto last =
      std::find_if(requests.rbegin(), requests.rend(), [](const Request& request) { return request.extends; });
  if (last == requests.rend() || !last->answered || last->jobs == 0) return;
  const std::string jobs = text_of(database, "SELECT jobs_total FROM studies WHERE id = ?", study);
  if (jobs != std::to_string(last->jobs))
    report_("study " + study + " was extended to " + std::to_string(last->jobs) + " jobs and has " + jobs);
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
