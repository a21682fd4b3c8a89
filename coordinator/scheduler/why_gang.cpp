#include "coordinator/scheduler/why_gang.hpp"

#include "coordinator/scheduler/gang_dispatch.hpp"
#include "coordinator/scheduler/graph.hpp"

namespace checkerlab::coordinator::scheduler {
namespace {

constexpr std::size_t kMostNames = 8;
constexpr std::size_t kShownKey = 12;

bool suits(const State& state, const Worker& worker, const Job& job) {
  bool any = false;
  for_each_study(state, job, [&](StudyIndex study) { any = any || suits_gang(worker, job.shape, state.study(study)); });
  return any;
}

// Of workers that suit the job.
struct Census {
  std::vector<WorkerIndex> free;
  std::vector<WorkerIndex> busy;
};

Census census_of(const State& state, const Job& job) {
  Census census;
  for (std::size_t i = 0; i < state.workers.size(); ++i) {
    const Worker& worker = state.workers[i];
    if (!suits(state, worker, job)) continue;
    (is_free_for(state, worker, job.shape) ? census.free : census.busy).push_back(static_cast<WorkerIndex>(i));
  }
  return census;
}

std::string count_of(const std::vector<WorkerIndex>& workers) {
  return std::to_string(workers.size()) + (workers.size() == 1 ? " is" : " are");
}

bool is_kept_for(const State& state, const Job& job) {
  bool kept = false;
  for_each_study(state, job, [&](StudyIndex study) {
    kept = kept || (state.reservation && state.reservation->shape == job.shape && state.reservation->study == study);
  });
  return kept;
}

void explain_busy(const State& state, const std::vector<WorkerIndex>& busy, std::vector<std::string>& details) {
  for (std::size_t i = 0; i < busy.size() && i < kMostNames; ++i) {
    const Worker& worker = state.worker(busy[i]);
    if (worker.holds.empty()) continue;
    const Job& held = state.job(worker.holds.front().job);
    details.push_back(names_of(state, {busy[i]}) + " has " + state.kinds[at(held.kind)].name + " " +
                      to_hex(held.key).substr(0, kShownKey) +
                      (worker.holds.size() > 1 ? " and " + std::to_string(worker.holds.size() - 1) + " more" : "") +
                      ".");
  }
}

}  // namespace

std::string names_of(const State& state, const std::vector<WorkerIndex>& workers) {
  std::string names;
  for (std::size_t i = 0; i < workers.size() && i < kMostNames; ++i) {
    const Worker& worker = state.worker(workers[i]);
    const bool last = i + 1 == workers.size();
    names += i == 0 ? "" : last ? " and " : ", ";
    names += worker.name.empty() ? worker.id : worker.name;
  }
  if (workers.size() > kMostNames) names += " and " + std::to_string(workers.size() - kMostNames) + " more";
  return names;
}

void explain_gang(const State& state, const Job& job, std::vector<std::string>& details) {
  const Placement& asked = state.shapes[at(job.shape)].placement;
  const auto [free, busy] = census_of(state, job);
  std::string needs = "It needs " + std::to_string(asked.least_ranks);
  if (asked.most_ranks > asked.least_ranks) needs += " to " + std::to_string(asked.most_ranks);
  needs += " workers of one code version at once: " + count_of(free) + " free";
  details.push_back(needs + (free.empty() ? "" : " (" + names_of(state, free) + ")") + ", " +
                    std::to_string(busy.size()) + " of those that suit it busy.");
  if (free.size() + busy.size() < asked.least_ranks)
    details.push_back("It cannot start before " + std::to_string(asked.least_ranks - free.size() - busy.size()) +
                      " more that suit it connect.");
  explain_busy(state, busy, details);
  if (is_kept_for(state, job)) details.push_back("Workers that suit it are kept free for it as they become free.");
}

}  // namespace checkerlab::coordinator::scheduler
