#include "coordinator/scheduler/gang_dispatch.hpp"

#include <algorithm>
#include <map>

#include "coordinator/scheduler/attempts.hpp"
#include "coordinator/scheduler/wishes.hpp"

namespace checkerlab::coordinator::scheduler {
namespace {

bool is_reserved_for(const State& state, const Choice& choice) {
  return state.reservation && state.reservation->shape == choice.shape && state.reservation->study == choice.study;
}

bool contains(const std::vector<CodeIndex>& codes, CodeIndex code) {
  return std::ranges::find(codes, code) != codes.end();
}

bool suits(const State& state, const WaitingGang& gang, const Worker& worker) {
  const Choice& choice = gang.candidate.choice;
  return suits_gang(worker, choice.shape, state.study(choice.study)) && contains(gang.codes, worker.code);
}

// Code versions of which enough workers suit.
std::vector<CodeIndex> codes_for(const State& state, const Choice& choice) {
  std::map<CodeIndex, std::uint32_t> workers;
  for (const Worker& worker : state.workers) {
    if (suits_gang(worker, choice.shape, state.study(choice.study))) ++workers[worker.code];
  }
  std::vector<CodeIndex> codes;
  for (const auto& [code, count] : workers) {
    if (count >= state.shapes[at(choice.shape)].placement.least_ranks) codes.push_back(code);
  }
  std::ranges::stable_sort(codes, [&](CodeIndex left, CodeIndex right) { return workers[left] > workers[right]; });
  return codes;
}

// Drops counts and a reservation of lanes that are gone or that too few workers suit by now; reserves for the first
// that was passed often enough.
void refresh_reservation(State& state, const std::vector<WaitingGang>& gangs) {
  const auto find = [&](ShapeIndex shape, StudyIndex study) {
    return std::ranges::find_if(gangs, [&](const WaitingGang& gang) {
      return gang.candidate.choice.shape == shape && gang.candidate.choice.study == study;
    });
  };
  std::erase_if(state.passed,
                [&](const auto& count) { return find(count.first.first, count.first.second) == gangs.end(); });
  auto& reservation = state.reservation;
  const auto held = reservation ? find(reservation->shape, reservation->study) : gangs.end();
  if (held != gangs.end() && contains(held->codes, reservation->code)) return;
  reservation.reset();
  for (const WaitingGang& gang : gangs) {
    const auto& [shape, study, job] = gang.candidate.choice;
    const auto count = state.passed.find({shape, study});
    if (count == state.passed.end() || count->second < state.limits.most_overtaken) continue;
    reservation = {shape, study, gang.codes.front()};
    return;
  }
}

// By when the hold's attempt is over for certain.
Millis end_of(const State& state, const Hold& hold) {
  if (hold.cancelling) return state.now;
  const Millis limit = state.shapes[at(state.job(hold.job).shape)].placement.time_limit;
  if (limit == 0) return kNever;
  return (hold.started ? hold.started_at : state.now) + limit;
}

// By when the worker has a free slot, and the memory, for certain.
Millis free_at(const State& state, const Worker& worker, ShapeIndex shape) {
  if (is_free_for(state, worker, shape)) return state.now;
  if (worker.holds.empty() || worker.holds.size() > worker.slots) return kNever;
  Millis first = kNever;
  Millis last = 0;
  for (const Hold& hold : worker.holds) {
    first = std::min(first, end_of(state, hold));
    last = std::max(last, end_of(state, hold));
  }
  return state.shapes[at(shape)].placement.memory_bytes == 0 ? first : last;
}

// When the last of the workers that the gang needs is free; kNever: not known.
Millis gang_begins(const State& state, const Reservation& reservation) {
  std::vector<Millis> times;
  for (const Worker& worker : state.workers) {
    if (worker.code != reservation.code) continue;
    if (suits_gang(worker, reservation.shape, state.study(reservation.study)))
      times.push_back(free_at(state, worker, reservation.shape));
  }
  const std::size_t needed = state.shapes[at(reservation.shape)].placement.least_ranks;
  if (times.size() < needed) return kNever;
  std::ranges::sort(times);
  return times[needed - 1];
}

// Whether a job of this shape delays nobody: it is over before the gang can begin.
bool ends_in_time(const State& state, ShapeIndex shape) {
  const Millis limit = state.shapes[at(shape)].placement.time_limit;
  if (limit == 0) return false;
  const Millis begins = gang_begins(state, *state.reservation);
  return begins != kNever && state.now + limit <= begins;
}

struct FreeWorker {
  WorkerIndex index{};
  Outlook outlook;
};

std::vector<FreeWorker> free_workers(State& state, const std::vector<WaitingGang>& gangs) {
  std::vector<FreeWorker> free;
  for (const WorkerIndex index : state.open_workers) {
    const Worker& worker = state.worker(index);
    if (!worker.has_slot()) continue;
    Outlook outlook = outlook_of(state, worker, false, [&](const Candidate& candidate) {
      return may_go(state, gangs, worker, candidate, false);
    });
    if (!waits_for_memory(state, worker, outlook)) free.push_back({index, outlook});
  }
  std::ranges::sort(free, {}, &FreeWorker::index);
  return free;
}

// The free workers of one code version that would do the gang next; of the version with most of them.
std::vector<WorkerIndex> volunteers(const State& state, const std::vector<WaitingGang>& gangs, const WaitingGang& gang,
                                    const std::vector<FreeWorker>& free) {
  std::map<CodeIndex, std::vector<WorkerIndex>> found;
  const std::vector<WorkerIndex>* most = nullptr;
  for (const auto& [index, outlook] : free) {
    const Worker& worker = state.worker(index);
    if (!suits(state, gang, worker) || !is_free_for(state, worker, gang.candidate.choice.shape)) continue;
    if (outlook.chosen && goes_before(*outlook.chosen, gang.candidate)) continue;
    if (!may_go(state, gangs, worker, gang.candidate, false)) continue;
    auto& group = found[worker.code];
    group.push_back(index);
    if (!most || group.size() > most->size()) most = &group;
  }
  return most ? *most : std::vector<WorkerIndex>{};
}

// Jobs that wait for memory at the workers are overtaken by a gang as by any other job.
void count_overtaken(State& state, const Candidate& gang, const std::vector<WorkerIndex>& workers,
                     const std::vector<FreeWorker>& free) {
  for (const auto& [index, outlook] : free) {
    if (std::ranges::find(workers, index) == workers.end()) continue;
    const bool overtakes = outlook.best && goes_before(*outlook.best, gang);
    std::uint32_t& overtaken = state.worker(index).overtaken;
    overtaken = overtakes ? overtaken + 1 : 0;
  }
}

void begin(State& state, const Choice& choice, const std::vector<WorkerIndex>& workers, Effects& effects) {
  const JobIndex job = take_job(state, choice, [](JobIndex) { return 0; });
  state.passed.erase({choice.shape, choice.study});
  if (is_reserved_for(state, choice)) state.reservation.reset();
  begin_attempt(state, workers, job, choice.study, effects);
}

// The first gang in turn that the worker suits and that goes before the candidate.
const WaitingGang* first_passed(const State& state, const std::vector<WaitingGang>& gangs, const Worker& worker,
                                const Candidate& candidate) {
  for (const WaitingGang& gang : gangs) {
    if (!goes_before(gang.candidate, candidate)) return nullptr;
    if (suits(state, gang, worker)) return &gang;
  }
  return nullptr;
}

}  // namespace

std::vector<WaitingGang> waiting_gangs(State& state) {
  std::vector<WaitingGang> gangs;
  const auto wants = [](const Study& study) { return study.state != StudyState::cancelled && !study.paused; };
  for (const ShapeIndex shape : state.gang_shapes) {
    for_each_lane(state, shape, wants, [&](const Candidate& candidate) {
      WaitingGang gang{candidate, codes_for(state, candidate.choice)};
      if (!gang.codes.empty()) gangs.push_back(std::move(gang));
    });
  }
  std::ranges::sort(gangs, [](const WaitingGang& left, const WaitingGang& right) {
    return goes_before(left.candidate, right.candidate);
  });
  refresh_reservation(state, gangs);
  return gangs;
}

bool start_gang(State& state, const std::vector<WaitingGang>& gangs, Effects& effects) {
  if (gangs.empty() || state.open_workers.empty()) return false;
  const std::vector<FreeWorker> free = free_workers(state, gangs);
  for (const WaitingGang& gang : gangs) {
    const Placement& asked = state.shapes[at(gang.candidate.choice.shape)].placement;
    std::vector<WorkerIndex> workers = volunteers(state, gangs, gang, free);
    if (workers.size() < asked.least_ranks) continue;
    workers.resize(std::min<std::size_t>(workers.size(), asked.most_ranks));
    const auto passes = std::ranges::find_if(workers, [&](WorkerIndex worker) {
      return first_passed(state, gangs, state.worker(worker), gang.candidate) != nullptr;
    });
    if (passes != workers.end()) note_passed(state, gangs, state.worker(*passes), gang.candidate);
    count_overtaken(state, gang.candidate, workers, free);
    begin(state, gang.candidate.choice, workers, effects);
    return true;
  }
  return false;
}

bool may_go(const State& state, const std::vector<WaitingGang>& gangs, const Worker& worker, const Candidate& candidate,
            bool prefetching) {
  for (const WaitingGang& gang : gangs) {
    if (!goes_before(gang.candidate, candidate)) return true;
    if (!suits(state, gang, worker)) continue;
    if (prefetching) return false;
    const bool kept = is_reserved_for(state, gang.candidate.choice) && worker.code == state.reservation->code;
    if (kept && !ends_in_time(state, candidate.choice.shape)) return false;
  }
  return true;
}

void note_passed(State& state, const std::vector<WaitingGang>& gangs, const Worker& worker,
                 const Candidate& candidate) {
  const WaitingGang* passed = first_passed(state, gangs, worker, candidate);
  if (!passed) return;
  const auto& [shape, study, job] = passed->candidate.choice;
  std::uint32_t& count = state.passed[{shape, study}];
  count = std::min(count + 1, state.limits.most_overtaken);
  if (count == state.limits.most_overtaken && !state.reservation) state.reservation = {shape, study, worker.code};
}

bool suits_gang(const Worker& worker, ShapeIndex shape, const Study& study) {
  return worker.may_work() && lets_have(study, worker) &&
         std::ranges::find(worker.shapes, shape) != worker.shapes.end();
}

bool is_free_for(const State& state, const Worker& worker, ShapeIndex shape) {
  return worker.has_slot() && state.shapes[at(shape)].placement.memory_bytes <= worker.memory_left();
}

bool is_kept_for_gang(const State& state, const Worker& worker) {
  return state.reservation && worker.code == state.reservation->code &&
         suits_gang(worker, state.reservation->shape, state.study(state.reservation->study));
}

}  // namespace checkerlab::coordinator::scheduler
