// Counts of jobs for those who look at the queue from outside. The cost depends on kinds and workers, not on jobs.
#include "coordinator/service/coordinator_impl.hpp"

namespace checkerlab::coordinator {
namespace {

struct Takers {
  bool any = false;  // a connected worker does this kind
  bool with_room = false;
};

std::vector<Takers> takers_by_kind(const scheduler::State& state) {
  std::vector<Takers> takers(state.kinds.size());
  for (const scheduler::Worker& worker : state.workers) {
    if (!worker.connected || worker.draining) continue;
    for (const scheduler::KindIndex kind : worker.kinds) {
      takers[scheduler::at(kind)].any = true;
      takers[scheduler::at(kind)].with_room |= worker.has_room();
    }
  }
  return takers;
}

const char* why_queued(const scheduler::State& state, const Takers& takers) {
  if (state.paused) return "paused";
  if (!takers.any) return "no_worker";
  return takers.with_room ? "next" : "workers_busy";
}

}  // namespace

std::vector<Coordinator::KindCensus> Coordinator::Impl::census() const {
  const std::vector<Takers> takers = takers_by_kind(state_);
  std::vector<KindCensus> all;
  for (std::size_t i = 0; i < state_.kinds.size(); ++i) {
    const scheduler::Kind& kind = state_.kinds[i];
    KindCensus census{.kind = kind.name, .by_state = {}, .by_reason = {}};
    for (std::size_t state = 0; state < kind.jobs.size(); ++state)
      census.by_state[std::string(to_string(static_cast<scheduler::JobState>(state)))] = kind.jobs[state];
    const std::size_t blocked = kind.jobs[static_cast<std::size_t>(scheduler::JobState::blocked)];
    const std::size_t queued = kind.jobs[static_cast<std::size_t>(scheduler::JobState::queued)];
    if (blocked > kind.doomed) census.by_reason["inputs"] = blocked - kind.doomed;
    if (kind.doomed > 0) census.by_reason["failed_input"] = kind.doomed;
    if (queued > 0) census.by_reason[why_queued(state_, takers[i])] = queued;
    all.push_back(std::move(census));
  }
  return all;
}

}  // namespace checkerlab::coordinator
