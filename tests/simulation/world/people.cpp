// People submit and cancel.
#include "base/error.hpp"
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
  server_->core().cancel_study(studies_[study].name,
                               [this, study, request](const std::exception_ptr& error, const std::string&) {
                                 trace_.note("  cancel " + studies_[study].name + ": " + name_of_error(error));
                                 if (error) return;
                                 count("cancelled");
                                 ledger_.cancel_answered(study, request);
                               });
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
