// Counts of jobs for those who look at the queue from outside. The cost depends on kinds and workers, not on jobs.
#include "coordinator/service/coordinator_impl.hpp"

namespace checkerlab::coordinator {
namespace {

struct Takers {
  bool any = false;  // a worker that takes work can run some of this kind
  bool with_room = false;
};

std::vector<Takers> takers_by_kind(const scheduler::State& state) {
  std::vector<Takers> takers(state.kinds.size());
  for (const scheduler::Worker& worker : state.workers) {
    if (!worker.may_work()) continue;
    for (const scheduler::ShapeIndex shape : worker.shapes) {
      Takers& kind = takers[scheduler::at(state.shapes[scheduler::at(shape)].kind)];
      kind.any = true;
      kind.with_room |= worker.has_room();
    }
  }
  return takers;
}

const char* why_ready(const scheduler::State& state, const Takers& takers) {
  if (state.paused) return "stopping";
  if (!takers.any) return "no_worker";
  return takers.with_room ? "next" : "workers_busy";
}

std::size_t count_of(const scheduler::Kind& kind, scheduler::JobState state) {
  return kind.jobs[static_cast<std::size_t>(state)];
}

std::map<std::string, std::size_t> reasons_of(const scheduler::State& state, const scheduler::Kind& kind,
                                              const Takers& takers) {
  std::map<std::string, std::size_t> reasons{
      {"inputs", count_of(kind, scheduler::JobState::blocked) - kind.doomed},
      {"failed_input", kind.doomed},
      {"retry", kind.resting},
      {"paused", count_of(kind, scheduler::JobState::queued) - kind.resting - kind.ready},
      {why_ready(state, takers), kind.ready}};
  std::erase_if(reasons, [](const auto& reason) { return reason.second == 0; });
  return reasons;
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
    census.by_reason = reasons_of(state_, kind, takers[i]);
    all.push_back(std::move(census));
  }
  return all;
}

}  // namespace checkerlab::coordinator
