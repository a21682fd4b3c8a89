#include "coordinator/scheduler/why.hpp"

#include <algorithm>

#include "base/text/number.hpp"
#include "coordinator/scheduler/dispatch.hpp"
#include "coordinator/scheduler/gangs.hpp"
#include "coordinator/scheduler/graph.hpp"
#include "coordinator/scheduler/placement.hpp"
#include "coordinator/scheduler/shares.hpp"
#include "coordinator/scheduler/why_gang.hpp"
#include "coordinator/scheduler/wishes.hpp"

namespace checkerlab::coordinator::scheduler {
namespace {

constexpr std::size_t kShownKey = 12;
constexpr std::size_t kMostInputs = 5;

std::string gib(std::uint64_t bytes) {
  return compact(static_cast<double>(bytes) / (1ULL << 30U), 3) + " GiB";
}

std::string duration(Millis time) {
  return duration_text(static_cast<double>(std::max<Millis>(time, 0)) / 1'000);
}

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts)
    all += (all.empty() ? "" : ", ") + text;
  return all;
}

class Explainer {
 public:
  Explainer(const State& state, JobIndex index)
      : state_(state), index_(index), job_(state.job(index)), shape_(state.shapes[at(job_.shape)]) {}

  Explanation run() {
    switch (job_.state) {
      case JobState::blocked:
        explain_blocked();
        break;
      case JobState::queued:
        explain_queued();
        break;
      case JobState::running:
        explain_running();
        break;
      case JobState::succeeded:
        said_.summary = "It is done: its result is recorded.";
        break;
      case JobState::failed:
        said_.summary = "It failed and is not tried again by itself; submitting its study again tries it again.";
        break;
      case JobState::cancelled:
        said_.summary = "It was cancelled: no study wants it any more.";
        break;
    }
    return std::move(said_);
  }

 private:
  std::string name_of(JobIndex index) const {
    const Job& job = state_.job(index);
    const std::string standing = is_doomed(job) ? "can never run" : std::string(to_string(job.state));
    return state_.kinds[at(job.kind)].name + " " + to_hex(job.key).substr(0, kShownKey) + " (" + standing + ")";
  }

  void explain_blocked() {
    if (is_doomed(job_)) {
      said_.summary = "It can never run as things stand: its input " + name_of(bad_input(state_, job_)) +
                      "; submitting the study again tries that again.";
      return;
    }
    said_.summary = "It waits for " + std::to_string(job_.missing_inputs) + " of its " +
                    std::to_string(job_.input_count) + " inputs.";
    for_each_input(state_, job_, [&](JobIndex input) {
      if (state_.job(input).state == JobState::succeeded || said_.details.size() >= kMostInputs) return;
      said_.details.push_back("It needs " + name_of(input) + ".");
    });
  }

  void explain_running() {
    const Worker& worker = state_.worker(job_.worker);
    const auto hold = std::find_if(worker.holds.begin(), worker.holds.end(),
                                   [&](const Hold& each) { return each.job == index_ && each.number == job_.attempt; });
    const bool started = hold != worker.holds.end() && hold->started;
    const std::string name = names_of(state_, workers_of(state_, index_));
    said_.summary =
        started ? "It runs at " + name + "." : "It was handed to " + name + " and begins when a slot there is free.";
    for (const WorkerIndex each : workers_of(state_, index_)) {
      if (!state_.worker(each).connected)
        said_.details.push_back("The worker " + names_of(state_, {each}) +
                                " is not connected; it is expected back until the lease ends.");
    }
    if (started && shape_.placement.time_limit > 0) {
      said_.details.push_back("Its time limit ends in " +
                              duration(hold->started_at + shape_.placement.time_limit - state_.now) + ".");
    }
  }

  void explain_queued() {
    if (state_.paused) {
      said_.summary = "The coordinator is stopping and hands out no work.";
    } else if (job_.resting) {
      said_.summary = "Its last attempt crashed (" + std::to_string(job_.tries) + " of " +
                      std::to_string(state_.limits.max_tries) + " tries); it is tried again in " +
                      duration(state_.rests_until(index_) - state_.now) + ".";
    } else if (job_.active_studies == 0) {
      said_.summary = "It is ready, but every study that wants it is paused; `checkerlab study resume` lets it go on.";
    } else {
      explain_ready();
    }
  }

  void explain_ready() {
    for (std::size_t i = 0; i < state_.workers.size(); ++i) {
      if (state_.workers[i].connected) said_.workers.push_back(answer(static_cast<WorkerIndex>(i)));
    }
    const auto suitable = std::count_if(said_.workers.begin(), said_.workers.end(),
                                        [](const WorkerAnswer& worker) { return worker.suits; });
    if (said_.workers.empty()) {
      said_.summary = "It is ready, but no worker is connected.";
    } else if (suitable == 0) {
      said_.summary =
          "It is ready, but none of the " + std::to_string(said_.workers.size()) + " connected workers can run it.";
    } else {
      said_.summary = "It is ready and waits for its turn at " + std::to_string(suitable) + " of the " +
                      std::to_string(said_.workers.size()) + " connected workers.";
      explain_turn();
    }
    if (is_gang(shape_)) explain_gang(state_, job_, said_.details);
  }

  // Its studies among those that want the same kind of place.
  void explain_turn() {
    std::optional<Turn> mine;
    for_each_study(state_, job_, [&](StudyIndex study) {
      if (state_.study(study).state == StudyState::cancelled || state_.study(study).paused) return;
      const Turn turn = turn_of(state_, study);
      if (!mine || compare(turn, *mine) < 0) mine = turn;
    });
    if (!mine) return;
    std::size_t queued = 0;
    std::size_t first = 0;
    for (std::size_t lane = 0; lane < state_.ready.lanes(job_.shape); ++lane) {
      const StudyIndex study = state_.ready.study(job_.shape, lane);
      if (state_.study(study).paused) continue;
      queued += state_.ready.length(job_.shape, study);
      first += compare(turn_of(state_, study), *mine) < 0;
    }
    if (queued > 1)
      said_.details.push_back(std::to_string(queued) + " jobs that ask for the same are queued, this one included.");
    if (first > 0) {
      said_.details.push_back(std::to_string(first) + (first == 1 ? " study goes" : " studies go") +
                              " before it: a higher priority, a near deadline, or a smaller share so far.");
    }
  }

  WorkerAnswer answer(WorkerIndex index) const {
    const Worker& worker = state_.worker(index);
    const std::string unsuited = unsuited_reason(worker);
    if (!unsuited.empty()) return {index, false, unsuited};
    const std::string held = held_back(state_, worker);
    if (!held.empty() && !worker.probing) return {index, false, held};
    return {index, true, busy_reason(worker)};
  }

  std::string unsuited_reason(const Worker& worker) const {
    if (std::find(worker.kinds.begin(), worker.kinds.end(), shape_.kind) == worker.kinds.end())
      return "does not do jobs of the kind " + state_.kinds[at(shape_.kind)].name;
    if (!may_have(state_, worker, job_)) {
      const std::string version = worker.code == kAnyCode ? "no known version" : state_.codes[at(worker.code)];
      return "runs the code " + version + "; the job's study is pinned to " + pins();
    }
    const auto missing = missing_labels(worker, shape_.placement);
    if (!missing.empty()) return "lacks the label" + std::string(missing.size() > 1 ? "s " : " ") + joined(missing);
    const std::uint64_t asked = shape_.placement.memory_bytes;
    if (asked > 0 && worker.memory_bytes == 0)
      return "does not state its device's memory; the job asks for " + gib(asked);
    if (asked > worker.memory_bytes)
      return "its device has " + gib(worker.memory_bytes) + "; the job asks for " + gib(asked);
    return "";
  }

  // Of the studies that would have it run now.
  std::string pins() const {
    std::vector<std::string> codes;
    for_each_study(state_, job_, [&](StudyIndex index) {
      const Study& study = state_.study(index);
      if (study.state != StudyState::cancelled && !study.paused && study.pin != kAnyCode)
        codes.push_back(state_.codes[at(study.pin)]);
    });
    std::ranges::sort(codes);
    codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
    return joined(codes);
  }

  std::string busy_reason(const Worker& worker) const {
    if (!worker.has_slot()) {
      return worker.probing ? "is tried with another job after a quarantine"
                            : "has all of its " + std::to_string(worker.slots) + " slots busy";
    }
    if (shape_.placement.memory_bytes > worker.memory_left())
      return "has " + gib(worker.memory_left()) + " of memory left; the job asks for " +
             gib(shape_.placement.memory_bytes);
    if (is_reserved(state_, worker)) return "is kept free for a job that waits for memory there";
    if (is_kept_for_gang(state_, worker)) return "is kept free for a job that several workers do together";
    if (is_gang(shape_)) return "is free";
    return "is about to take a job";
  }

  const State& state_;
  JobIndex index_;
  const Job& job_;
  const Shape& shape_;
  Explanation said_;
};

}  // namespace

Explanation why(const State& state, JobIndex job) {
  return Explainer(state, job).run();
}

std::string held_back(const State& state, const Worker& worker) {
  if (worker.draining) return "is draining: it ends what it has and takes nothing new";
  if (worker.cordoned) return "is cordoned; `checkerlab workers uncordon` lifts that";
  if (worker.quarantined_until != 0) {
    return "is in quarantine for another " + duration(worker.quarantined_until - state.now) +
           ": jobs crashed there one after the other; `checkerlab workers uncordon` lifts that";
  }
  if (worker.probing) return "is tried with one job after a quarantine";
  return "";
}

}  // namespace checkerlab::coordinator::scheduler
