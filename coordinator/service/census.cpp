// Counts of jobs for those who look at the queue from outside. The cost depends on kinds, shapes, code versions and
// workers, not on jobs.
#include <algorithm>

#include "coordinator/service/coordinator_impl.hpp"

namespace checkerlab::coordinator {
namespace {

// Workers that take work and can run it.
struct Takers {
  std::size_t all = 0;
  std::size_t with_room = 0;
};

Takers takers_of(const scheduler::State& state, scheduler::ShapeIndex shape, scheduler::CodeIndex code) {
  Takers takers;
  for (const scheduler::Worker& worker : state.workers) {
    if (!worker.may_work() || (code != scheduler::kAnyCode && worker.code != code)) continue;
    if (std::ranges::find(worker.shapes, shape) == worker.shapes.end()) continue;
    ++takers.all;
    takers.with_room += worker.has_room();
  }
  return takers;
}

const char* why_ready(const scheduler::State& state, scheduler::ShapeIndex shape, scheduler::CodeIndex code) {
  if (state.paused) return "stopping";
  const std::size_t needed = state.shapes[scheduler::at(shape)].placement.least_ranks;
  const Takers takers = takers_of(state, shape, code);
  if (takers.all < needed) return "no_worker";
  return takers.with_room < needed ? "workers_busy" : "next";
}

std::size_t count_of(const scheduler::Kind& kind, scheduler::JobState state) {
  return kind.jobs[static_cast<std::size_t>(state)];
}

void add_ready(const scheduler::State& state, scheduler::ShapeIndex index,
               std::map<std::string, std::size_t>& reasons) {
  const scheduler::Shape& shape = state.shapes[scheduler::at(index)];
  std::size_t anywhere = shape.ready;
  for (const auto& [code, count] : shape.pinned) {
    reasons[why_ready(state, index, code)] += count;
    anywhere -= count;
  }
  reasons[why_ready(state, index, scheduler::kAnyCode)] += anywhere;
}

std::map<std::string, std::size_t> reasons_of(const scheduler::State& state, const scheduler::Kind& kind) {
  std::map<std::string, std::size_t> reasons;
  std::size_t ready = 0;
  for (const scheduler::ShapeIndex shape : kind.shapes) {
    add_ready(state, shape, reasons);
    ready += state.shapes[scheduler::at(shape)].ready;
  }
  reasons["inputs"] = count_of(kind, scheduler::JobState::blocked) - kind.doomed;
  reasons["failed_input"] = kind.doomed;
  reasons["retry"] = kind.resting;
  reasons["paused"] = count_of(kind, scheduler::JobState::queued) - kind.resting - ready;
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
