#include "coordinator/scheduler/invariants.hpp"

#include <algorithm>

#include "coordinator/scheduler/graph.hpp"

namespace checkerlab::coordinator::scheduler {
namespace {

class Checker {
 public:
  explicit Checker(const State& state) : state_(state) {}

  std::vector<std::string> run() {
    for (const Job& job : state_.jobs)
      check_job(job);
    for (const Study& study : state_.studies)
      check_study(study);
    for (const Worker& worker : state_.workers)
      check_worker(worker);
    expect(state_.ready_count == count(JobState::queued), "ready_count is wrong");
    expect(state_.running_count == count(JobState::running), "running_count is wrong");
    check_kinds();
    check_no_idling();
    return std::move(problems_);
  }

 private:
  void expect(bool holds, const std::string& problem) {
    if (!holds) problems_.push_back(problem);
  }

  std::size_t count(JobState wanted) const {
    return static_cast<std::size_t>(
        std::count_if(state_.jobs.begin(), state_.jobs.end(), [&](const Job& job) { return job.state == wanted; }));
  }

  void check_kinds() {
    for (std::size_t i = 0; i < state_.kinds.size(); ++i) {
      Kind counted;
      for (const Job& job : state_.jobs) {
        if (at(job.kind) != i) continue;
        ++counted.jobs[static_cast<std::size_t>(job.state)];
        counted.doomed += is_doomed(job);
      }
      const Kind& kind = state_.kinds[i];
      expect(kind.jobs == counted.jobs && kind.doomed == counted.doomed, "counts of kind " + kind.name + " are wrong");
    }
  }

  void check_job(const Job& job) {
    const std::string name = "job " + to_hex(job.key).substr(0, 8) + ": ";
    std::uint32_t missing = 0;
    std::uint32_t bad = 0;
    for_each_input(state_, job, [&](JobIndex input) {
      missing += state_.job(input).state != JobState::succeeded;
      bad += is_bad(state_.job(input));
    });
    expect(missing == job.missing_inputs, name + "missing_inputs is wrong");
    expect(bad == job.bad_inputs, name + "bad_inputs is wrong");
    std::uint32_t live = 0;
    for_each_study(state_, job, [&](StudyIndex study) { live += state_.study(study).state != StudyState::cancelled; });
    expect(live == job.live_studies, name + "live_studies is wrong");
    check_job_state(job, name);
  }

  void check_job_state(const Job& job, const std::string& name) {
    const bool could_run = job.missing_inputs == 0;
    expect(job.state != JobState::queued || (could_run && job.in_queue),
           name + "queued but not ready or not in the queue");
    expect(job.state != JobState::blocked || !could_run, name + "blocked without cause");
    expect(is_bad(job) || job.state == JobState::succeeded || job.live_studies > 0, name + "nobody wants it");
    expect((job.state == JobState::running) == (job.worker != kNoWorker), name + "runs nowhere, or rests at a worker");
    expect(present_holds(job) == (job.state == JobState::running ? 1 : 0), name + "wrong number of present attempts");
    expect(job.tries <= state_.limits.max_tries, name + "too many tries");
  }

  std::size_t present_holds(const Job& job) const {
    std::size_t present = 0;
    for (const Worker& worker : state_.workers) {
      for (const Hold& hold : worker.holds) {
        present += !hold.cancelling && &state_.job(hold.job) == &job && hold.number == job.attempt;
      }
    }
    return present;
  }

  void check_study(const Study& study) {
    const auto count_if = [&](auto predicate) {
      return static_cast<std::uint32_t>(std::count_if(study.jobs.begin(), study.jobs.end(),
                                                      [&](JobIndex job) { return predicate(state_.job(job)); }));
    };
    const std::uint32_t succeeded = count_if([](const Job& job) { return job.state == JobState::succeeded; });
    expect(study.open == count_if(is_open), "study " + study.id + ": open is wrong");
    expect(study.succeeded == succeeded, "study " + study.id + ": succeeded is wrong");
    const bool ended = study.state == StudyState::succeeded || study.state == StudyState::failed;
    if (study.state != StudyState::cancelled) {
      expect(ended == (study.open == 0), "study " + study.id + ": ended too early or too late");
    }
    expect((study.state == StudyState::succeeded) <= (succeeded == study.jobs.size()),
           "study " + study.id + ": not done");
  }

  void check_worker(const Worker& worker) {
    const std::size_t room = std::size_t{worker.slots} + worker.prefetch;
    expect(!worker.connected || worker.holds.size() <= room, "worker " + worker.id + ": overcommitted");
    const bool open = worker.connected && !worker.draining && worker.has_room();
    expect(open == (worker.open_position != kNotOpen), "worker " + worker.id + ": open list is wrong");
    if (worker.open_position != kNotOpen) {
      const WorkerIndex listed = state_.open_workers.at(worker.open_position);
      expect(&state_.worker(listed) == &worker, "worker " + worker.id + ": open position is wrong");
    }
    for (const Hold& hold : worker.holds) {
      const Job& job = state_.job(hold.job);
      expect(hold.cancelling || (job.state == JobState::running && job.attempt == hold.number),
             "worker " + worker.id + ": holds an attempt that is not present");
    }
  }

  void check_no_idling() {
    if (state_.paused) return;
    for (const Worker& worker : state_.workers) {
      if (!worker.connected || worker.draining || !worker.has_slot()) continue;
      for (const Job& job : state_.jobs) {
        const bool fits = std::find(worker.kinds.begin(), worker.kinds.end(), job.kind) != worker.kinds.end();
        expect(job.state != JobState::queued || !fits, "worker " + worker.id + " idles while a job is ready");
      }
    }
  }

  const State& state_;
  std::vector<std::string> problems_;
};

}  // namespace

std::vector<std::string> check_invariants(const State& state) {
  return Checker(state).run();
}

}  // namespace checkerlab::coordinator::scheduler
