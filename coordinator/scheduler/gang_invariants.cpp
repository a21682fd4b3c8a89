#include "coordinator/scheduler/gang_invariants.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "coordinator/scheduler/gang_dispatch.hpp"
#include "coordinator/scheduler/graph.hpp"

namespace checkerlab::coordinator::scheduler {
namespace {

class Checker {
 public:
  Checker(const State& state, std::function<bool(const Worker&)> waits) : state_(state), waits_(std::move(waits)) {}

  std::vector<std::string> run() {
    check_gangs();
    check_reservation();
    check_no_gang_starves();
    check_no_gang_idles();
    return std::move(problems_);
  }

 private:
  void expect(bool holds, const std::string& problem) {
    if (!holds) problems_.push_back(problem);
  }

  // All or none: as many workers as it may have, each with the same attempt and a rank of its own.
  void check_gangs() {
    for (const auto& [index, gang] : state_.gangs) {
      const Job& job = state_.job(index);
      const std::string name = "gang of job " + to_hex(job.key).substr(0, 8) + ": ";
      const Placement& asked = state_.shapes[at(job.shape)].placement;
      expect(job.state == JobState::running, name + "its job does not run");
      expect(gang.workers.front() == job.worker, name + "its first worker is not the job's");
      expect(gang.workers.size() > 1 && gang.workers.size() >= asked.least_ranks &&
                 gang.workers.size() <= asked.most_ranks,
             name + "too few workers or too many");
      for (std::size_t rank = 0; rank < gang.workers.size(); ++rank)
        check_rank(job, index, state_.worker(gang.workers[rank]), rank, name);
    }
  }

  void check_rank(const Job& job, JobIndex index, const Worker& worker, std::size_t rank, const std::string& name) {
    std::size_t holds = 0;
    for (const Hold& hold : worker.holds) {
      if (hold.job != index || hold.number != job.attempt) continue;
      ++holds;
      expect(hold.rank == rank && !hold.cancelling, name + "worker " + worker.id + " has another rank, or is to stop");
    }
    // Others may be done; the leader's end is the attempt's.
    expect(rank == 0 ? holds == 1 : holds <= 1, name + "worker " + worker.id + " has it not, or twice");
  }

  std::map<CodeIndex, std::size_t> count_by_code(const std::function<bool(const Worker&)>& counts) const {
    std::map<CodeIndex, std::size_t> found;
    for (const Worker& worker : state_.workers)
      found[worker.code] += counts(worker);
    return found;
  }

  // Only for a gang that could start if its workers were free.
  void check_reservation() {
    for (const auto& [lane, passed] : state_.passed)
      expect(passed <= state_.limits.most_overtaken, "a gang was passed too often");
    if (!state_.reservation) return;
    const auto& [shape, study, code] = *state_.reservation;
    const auto suitable = count_by_code([&](const Worker& worker) { return is_kept_for_gang(state_, worker); });
    const auto found = suitable.find(code);
    expect(found != suitable.end() && found->second >= state_.shapes[at(shape)].placement.least_ranks,
           "workers are kept free for a gang that too few suit");
    expect(waits_for_workers(shape, study), "workers are kept free for a gang that does not wait");
  }

  bool waits_for_workers(ShapeIndex shape, StudyIndex study) const {
    return std::ranges::any_of(state_.study(study).jobs, [&](JobIndex job) {
      return is_ready(state_.job(job)) && state_.job(job).shape == shape;
    });
  }

  // What was passed so often has workers kept free for it, or another gang has.
  void check_no_gang_starves() {
    if (state_.paused || state_.reservation) return;
    for (const auto& [lane, passed] : state_.passed) {
      const auto& [shape, index] = lane;
      const Study& study = state_.study(index);
      if (passed < state_.limits.most_overtaken || study.paused || !waits_for_workers(shape, index)) continue;
      const auto suitable = count_by_code([&](const Worker& worker) { return suits_gang(worker, shape, study); });
      for (const auto& [code, count] : suitable)
        expect(count < state_.shapes[at(shape)].placement.least_ranks, "no workers are kept free for a passed gang");
    }
  }

  // Enough free slots for a gang, and none of them has anything better to do.
  void check_no_gang_idles() {
    if (state_.paused) return;
    for (std::size_t i = 0; i < state_.jobs.size(); ++i) {
      const Job& job = state_.jobs[i];
      if (is_ready(job) && is_gang(state_.shapes[at(job.shape)]))
        for_each_study(state_, job, [&](StudyIndex study) { check_gang_idles(job, study); });
    }
  }

  void check_gang_idles(const Job& job, StudyIndex study) {
    const bool kept_for_it =
        state_.reservation && state_.reservation->shape == job.shape && state_.reservation->study == study;
    const auto free = count_by_code([&](const Worker& worker) {
      return suits_gang(worker, job.shape, state_.study(study)) && is_free_for(state_, worker, job.shape) &&
             !waits_(worker) && (kept_for_it || !is_kept_for_gang(state_, worker));
    });
    for (const auto& [code, count] : free)
      expect(count < state_.shapes[at(job.shape)].placement.least_ranks, "workers idle while a gang could have them");
  }

  const State& state_;
  std::function<bool(const Worker&)> waits_;
  std::vector<std::string> problems_;
};

}  // namespace

std::vector<std::string> check_gang_invariants(const State& state, std::function<bool(const Worker&)> waits) {
  return Checker(state, std::move(waits)).run();
}

}  // namespace checkerlab::coordinator::scheduler
