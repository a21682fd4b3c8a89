// Counts of jobs for those who look at the queue from outside. The cost depends on kinds, shapes, code versions and
// workers, not on jobs.
#include <algorithm>

#include "coordinator/service/coordinator_impl.hpp"

namespace checkerlab::coordinator {
namespace {

struct Takers {
  bool any = false;  // a worker that takes work can run it
  bool with_room = false;
};

Takers takers_of(const scheduler::State& state, scheduler::ShapeIndex shape, scheduler::CodeIndex code) {
  Takers takers;
  for (const scheduler::Worker& worker : state.workers) {
    if (!worker.may_work() || (code != scheduler::kAnyCode && worker.code != code)) continue;
    if (std::ranges::find(worker.shapes, shape) == worker.shapes.end()) continue;
    takers.any = true;
    takers.with_room |= worker.has_room();
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

void add_ready(const scheduler::State& state, scheduler::ShapeIndex index,
               std::map<std::string, std::size_t>& reasons) {
  const scheduler::Shape& shape = state.shapes[scheduler::at(index)];
  std::size_t anywhere = shape.ready;
  for (const auto& [code, count] : shape.pinned) {
    if (count > 0) reasons[why_ready(state, takers_of(state, index, code))] += count;
    anywhere -= count;
  }
  if (anywhere > 0) reasons[why_ready(state, takers_of(state, index, scheduler::kAnyCode))] += anywhere;
}

std::map<std::string, std::size_t> reasons_of(const scheduler::State& state, const scheduler::Kind& kind) {
  std::map<std::string, std::size_t> reasons{
      {"inputs", count_of(kind, scheduler::JobState::blocked) - kind.doomed},
      {"failed_input", kind.doomed},
      {"retry", kind.resting},
      {"paused", count_of(kind, scheduler::JobState::queued) - kind.resting - kind.ready}};
  for (const scheduler::ShapeIndex shape : kind.shapes)
    add_ready(state, shape, reasons);
  std::erase_if(reasons, [](const auto& reason) { return reason.second == 0; });
  return reasons;
}

}  // namespace

std::vector<Coordinator::KindCensus> Coordinator::Impl::census() const {
  std::vector<KindCensus> all;
  for (std::size_t i = 0; i < state_.kinds.size(); ++i) {
    const scheduler::Kind& kind = state_.kinds[i];
    KindCensus census{.kind = kind.name, .by_state = {}, .by_reason = {}};
    for (std::size_t state = 0; state < kind.jobs.size(); ++state)
      census.by_state[std::string(to_string(static_cast<scheduler::JobState>(state)))] = kind.jobs[state];
    census.by_reason = reasons_of(state_, kind);
    all.push_back(std::move(census));
  }
  return all;
}

}  // namespace checkerlab::coordinator
