// People submit, cancel, and change their minds.
#include <set>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "tests/simulation/world/catalogue.hpp"
#include "tests/simulation/world/world.hpp"

namespace checkerlab::simulation {

std::string World::name_of_error(const std::exception_ptr& error) {
  if (!error) return "ok";
  try {
    std::rethrow_exception(error);
  } catch (const Error& refused) {
    count("answers: " + std::string(to_string(refused.code())));
    return std::string(to_string(refused.code()));
  }
}

void World::submit(std::uint32_t number) {
  if (!server_) return;
  const std::size_t study = number % studies_.size();
  const std::uint32_t request = ledger_.submit_asked(study);
  server_->core().submit_study(studies_[study], [this, study, request](const std::exception_ptr& error,
                                                                       const coordinator::SubmitOutcome& outcome) {
    trace_.note("  submit " + studies_[study].name + ": " + name_of_error(error));
    if (error) return;
    count("submitted");
    ledger_.submit_answered(study, request, outcome.study_id);
  });
}

void World::cancel(std::uint32_t number) {
  if (!server_) return;
  const std::size_t study = number % studies_.size();
  const std::uint32_t request = ledger_.cancel_asked(study, is_open(study));
  server_->core().cancel_study(called(study),
                               [this, study, request](const std::exception_ptr& error, const std::string& id) {
                                 trace_.note("  cancel " + studies_[study].name + ": " + name_of_error(error));
                                 if (error) return;
                                 count("cancelled");
                                 ledger_.cancel_answered(study, request, id);
                               });
}

// By id once it is known: several studies may have had the name.
std::string World::called(std::size_t study) const {
  const std::string id = ledger_.study_id(study);
  return id.empty() ? studies_[study].name : id;
}

void World::extend(std::uint32_t number, std::uint32_t variant) {
  if (!server_) return;
  const std::size_t study = number % studies_.size();
  const std::uint32_t request = ledger_.extend_asked(study);
  server_->core().revise_study(
      called(study), make_variant(studies_[study], variant), std::nullopt,
      [this, study, request](const std::exception_ptr& error, const coordinator::ReviseOutcome& outcome) {
        trace_.note("  extend " + studies_[study].name + ": " + name_of_error(error));
        if (error) return;
        // One that says nothing new leaves a study that was cancelled alone.
        if (outcome.jobs_added == 0 && outcome.jobs_removed == 0) return;
        count("extended");
        const bool grows = !studies_[study].search.is_null();
        ledger_.extend_answered(study, request, outcome.study_id, grows ? 0 : outcome.jobs_total);
      });
}

void World::rerun(std::uint32_t number) {
  if (!server_) return;
  const std::size_t study = number % studies_.size();
  const std::uint32_t request = ledger_.submit_asked(study);  // it too opens a study that was cancelled
  server_->core().rerun_jobs(
      called(study), {.failed = true, .cancelled = true, .jobs = {}},
      [this, study, request](const std::exception_ptr& error, const coordinator::RerunOutcome& outcome) {
        trace_.note("  rerun " + studies_[study].name + ": " + name_of_error(error));
        if (error) return;
        count("run again", static_cast<std::uint64_t>(outcome.started));
        ledger_.rerun_answered(study, request, outcome.study_id, outcome.started > 0);
      });
}

void World::pause(std::uint32_t number, const coordinator::PauseRequest& request) {
  if (!server_) return;
  const std::size_t study = number % studies_.size();
  server_->core().pause_study(
      called(study), request,
      [this, study, paused = request.paused](const std::exception_ptr& error,
                                             const coordinator::PauseOutcome& outcome) {
        trace_.note((paused ? "  pause " : "  resume ") + studies_[study].name + ": " + name_of_error(error));
        if (error) return;
        count(paused ? "paused" : "resumed");
        count("taken back", static_cast<std::uint64_t>(outcome.taken_back));
      });
}

void World::reorder(std::uint32_t number, std::uint32_t priority) {
  if (!server_) return;
  const std::size_t study = number % studies_.size();
  server_->core().order_study(called(study), {.priority = static_cast<int>(priority % 3), .deadline = {}, .owner = {}},
                              [this, study](const std::exception_ptr& error, const std::string&) {
                                trace_.note("  reorder " + studies_[study].name + ": " + name_of_error(error));
                              });
}

void World::cordon(const SimulatedWorker& worker, bool cordoned) {
  const auto connection = worker.connection();
  if (!server_ || !connection || connection->worker_id.empty()) return;
  server_->core().cordon_worker(connection->worker_id, cordoned,
                                [this, cordoned](const std::exception_ptr& error, auto&&) {
                                  trace_.note((cordoned ? "  cordon: " : "  uncordon: ") + name_of_error(error));
                                  if (!error) count(cordoned ? "cordoned" : "uncordoned");
                                });
}

void World::lift_all() {
  const auto* state = server_ ? server_->core().state() : nullptr;
  if (state == nullptr) return;
  std::vector<std::string> paused;
  for (const auto& study : state->studies) {
    if (study.paused) paused.push_back(study.id);
  }
  const std::set<std::string> cordons = state->cordons;
  for (const std::string& study : paused)
    server_->core().pause_study(study, {.paused = false}, [](auto, const auto&) {});
  for (const std::string& worker : cordons)
    server_->core().cordon_worker(worker, false, [](auto, const auto&) {});
}

bool World::is_open(std::size_t study) const {
  const auto* state = server_->core().state();
  const auto index = state == nullptr ? std::nullopt : state->find_study(ledger_.study_id(study));
  if (!index) return false;
  const auto present = state->study(*index).state;
  return present == coordinator::scheduler::StudyState::queued ||
         present == coordinator::scheduler::StudyState::running;
}

}  // namespace checkerlab::simulation
