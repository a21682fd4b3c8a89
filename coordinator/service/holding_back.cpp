// Workers that people hold back: drained, cordoned.
#include "base/error.hpp"
#include "coordinator/service/coordinator_impl.hpp"
#include "coordinator/store/worker_rows.hpp"

namespace checkerlab::coordinator {
namespace {

Error no_such_worker(const std::string& id_or_name, const std::string& kind) {
  return Error(ErrorCode::not_found, "no " + kind + "worker has the id or name '" + id_or_name + "'",
               "`checkerlab workers` lists them.");
}

}  // namespace

std::vector<scheduler::WorkerIndex> Coordinator::Impl::workers_called(const std::string& id_or_name) const {
  if (const auto worker = state_.find_worker(id_or_name)) return {*worker};
  std::vector<scheduler::WorkerIndex> found;
  for (std::size_t i = 0; i < state_.workers.size(); ++i) {
    if (state_.workers[i].name == id_or_name) found.push_back(static_cast<scheduler::WorkerIndex>(i));
  }
  return found;
}

void Coordinator::Impl::drain(const std::string& id_or_name, Done<std::vector<std::string>> done) {
  try {
    require_loaded();
    std::vector<std::string> ids;
    Change change;
    for (const scheduler::WorkerIndex worker : workers_called(id_or_name)) {
      const auto session = session_by_worker_.find(state_.worker(worker).id);
      if (session == session_by_worker_.end()) continue;
      ids.push_back(session->first);
      apply(scheduler::WorkerDraining{session->first}, change);
      change.aftermath.callbacks.push_back([this, id = session->second](std::exception_ptr error) {
        if (!error) send(id, rpc::Drain{});
      });
    }
    if (ids.empty()) throw no_such_worker(id_or_name, "connected ");
    change.aftermath.callbacks.push_back([done, ids](std::exception_ptr error) { done(error, ids); });
    commit(std::move(change));
  } catch (const Error&) {
    fail(std::move(done), std::current_exception());
  }
}

void Coordinator::Impl::cordon(const std::string& id_or_name, bool cordoned, Done<std::vector<std::string>> done) {
  try {
    require_loaded();
    const auto workers = workers_called(id_or_name);
    if (workers.empty() && (cordoned || !state_.cordons.contains(id_or_name))) throw no_such_worker(id_or_name, "");
    std::vector<std::string> ids;
    for (const scheduler::WorkerIndex worker : workers)
      ids.push_back(state_.worker(worker).id);
    // Lifting the name's cordon lifts those of its processes too.
    std::vector<std::string> names{id_or_name};
    if (!cordoned) names.insert(names.end(), ids.begin(), ids.end());
    Change change;
    for (const std::string& name : names) {
      change.disk.steps.push_back([name, cordoned, now = utc_ms()](SQLite::Database& database, auto&) {
        set_cordon(database, name, cordoned, now);
      });
      apply(scheduler::Cordoned{name, cordoned}, change);
    }
    change.aftermath.callbacks.push_back([done, ids](std::exception_ptr error) { done(error, ids); });
    commit(std::move(change));
  } catch (const Error&) {
    fail(std::move(done), std::current_exception());
  }
}

}  // namespace checkerlab::coordinator
