// How studies stand to each other, and why a job waits.
#include <algorithm>

#include "base/error.hpp"
#include "coordinator/scheduler/why.hpp"
#include "coordinator/service/coordinator_impl.hpp"

namespace checkerlab::coordinator {

scheduler::StudyOrder Coordinator::Impl::order_with(std::optional<scheduler::StudyIndex> study,
                                                    const OrderChange& asked) const {
  scheduler::StudyOrder order;
  if (study) order = state_.study(*study).order;
  if (asked.priority) order.priority = static_cast<std::int16_t>(*asked.priority);
  if (asked.owner) order.owner = *asked.owner;
  if (asked.deadline) {
    const auto& deadline = *asked.deadline;
    order.deadline = deadline ? steady_ms() + *deadline - utc_ms() : scheduler::kNever;
  }
  return order;
}

StudyOrderRow Coordinator::Impl::order_row(const scheduler::StudyOrder& order) const {
  StudyOrderRow row{order.priority, {}, order.owner};
  constexpr std::int64_t kSecond = 1'000;  // deadlines are whole seconds, whatever the clocks did meanwhile
  if (order.deadline != scheduler::kNever)
    row.deadline = (utc_ms() + order.deadline - steady_ms() + kSecond / 2) / kSecond * kSecond;
  return row;
}

void Coordinator::Impl::order(const std::string& id_or_name, const OrderChange& asked, Done<std::string> done) {
  try {
    require_loaded();
    const scheduler::StudyIndex study = resolve_study(id_or_name);
    const std::string id = state_.study(study).id;
    Change change;
    apply(scheduler::StudyReordered{id, order_with(study, asked)}, change);
    change.disk.steps.push_back([number = number_of(study), row = order_row(state_.study(study).order)](
                                    SQLite::Database& database, auto&) { set_study_order(database, number, row); });
    change.disk.studies.insert(number_of(study));
    change.aftermath.callbacks.push_back([done, id](std::exception_ptr error) { done(error, error ? "" : id); });
    commit(std::move(change));
  } catch (const Error&) {
    fail(std::move(done), std::current_exception());
  }
}

Json Coordinator::Impl::why(const std::string& key) const {
  require_loaded();
  const auto job = state_.find_job(scheduler::parse_key(key));
  if (!job) throw Error(ErrorCode::not_found, "no job has the key '" + key + "'", "`checkerlab jobs` lists the jobs.");
  const scheduler::Explanation said = scheduler::why(state_, *job);
  Json workers = Json::array();
  for (const scheduler::WorkerAnswer& answer : said.workers) {
    const scheduler::Worker& worker = state_.worker(answer.worker);
    workers.push_back({{"id", worker.id}, {"name", worker.name}, {"suits", answer.suits}, {"reason", answer.reason}});
  }
  return {{"key", key},
          {"state", std::string(to_string(state_.job(*job).state))},
          {"summary", said.summary},
          {"details", said.details},
          {"workers", std::move(workers)}};
}

}  // namespace checkerlab::coordinator
