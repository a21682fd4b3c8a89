#include "coordinator/scheduler/invariants.hpp"

#include <algorithm>
#include <set>

#include "coordinator/scheduler/gang_dispatch.hpp"
#include "coordinator/scheduler/gang_invariants.hpp"
#include "coordinator/scheduler/graph.hpp"
#include "coordinator/scheduler/placement.hpp"
#include "coordinator/scheduler/wishes.hpp"

namespace checkerlab::coordinator::scheduler {
namespace {

class Checker {
 public:
  explicit Checker(const State& state) : state_(state) {}

  std::vector<std::string> run() {
    for (std::size_t i = 0; i < state_.jobs.size(); ++i)
      check_job(static_cast<JobIndex>(i));
    for (const Study& study : state_.studies)
      check_study(study);
    for (const Worker& worker : state_.workers)
      check_worker(worker);
    check_rests();
    check_shares();
    const auto ready = std::count_if(state_.jobs.begin(), state_.jobs.end(), is_ready);
    expect(state_.ready_count == static_cast<std::size_t>(ready), "ready_count is wrong");
    expect(state_.running_count == count(JobState::running), "running_count is wrong");
    check_kinds();
    check_shapes();
    check_no_idling();
    for (std::string& problem :
         check_gang_invariants(state_, [&](const Worker& worker) { return is_kept_free(worker); }))
      problems_.push_back(std::move(problem));
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
        counted.resting += job.state == JobState::queued && job.resting;
      }
      const Kind& kind = state_.kinds[i];
      expect(kind.jobs == counted.jobs && kind.doomed == counted.doomed, "counts of kind " + kind.name + " are wrong");
      expect(kind.resting == counted.resting, "kind " + kind.name + ": resting is wrong");
    }
  }

  void check_shapes() {
    std::vector<Shape> counted(state_.shapes.size());
    for (const Job& job : state_.jobs) {
      if (!is_ready(job)) continue;
      Shape& shape = counted[at(job.shape)];
      ++shape.ready;
      if (job.code != kAnyCode) ++shape.pinned[job.code];
    }
    for (std::size_t i = 0; i < counted.size(); ++i) {
      auto pinned = state_.shapes[i].pinned;
      std::erase_if(pinned, [](const auto& count) { return count.second == 0; });
      expect(state_.shapes[i].ready == counted[i].ready && pinned == counted[i].pinned, "counts of a shape are wrong");
    }
  }

  void check_job(JobIndex index) {
    const Job& job = state_.job(index);
    const std::string name = "job " + to_hex(job.key).substr(0, 8) + ": ";
    std::uint32_t missing = 0;
    std::uint32_t bad = 0;
    for_each_input(state_, job, [&](JobIndex input) {
      missing += state_.job(input).state != JobState::succeeded;
      bad += is_bad(state_.job(input));
    });
    expect(missing == job.missing_inputs, name + "missing_inputs is wrong");
    expect(bad == job.bad_inputs, name + "bad_inputs is wrong");
    check_wishes(job, name);
    check_job_state(index, name);
    check_lanes(index, name);
  }

  // Every study that wants a job that could be given has it in its lane, and no other study has.
  void check_lanes(JobIndex index, const std::string& name) {
    const Job& job = state_.job(index);
    if (job.state != JobState::queued || job.resting) return;
    for (std::size_t i = 0; i < state_.studies.size(); ++i) {
      const auto study = static_cast<StudyIndex>(i);
      const bool wants = is_linked(state_, job, study) && state_.study(study).state != StudyState::cancelled;
      expect(
          state_.ready.contains(job.shape, study, index) == wants,
          name + (wants ? "ready but not in the lane of its study" : "in the lane of a study that does not want it"));
    }
  }

  void check_rests() {
    for (const auto& [until, job] : state_.rests)
      expect(state_.job(job).resting && state_.job(job).state == JobState::queued, "a job rests that is not queued");
    const auto resting =
        std::count_if(state_.jobs.begin(), state_.jobs.end(), [](const Job& job) { return job.resting; });
    expect(static_cast<std::size_t>(resting) == state_.rests.size(), "the resting jobs are not those of the list");
    expect(state_.rests.empty() || state_.rests.begin()->first > state_.now, "a job rests for too long");
  }

  // What studies, and users, have running is what is held for them.
  void check_shares() {
    std::vector<std::uint32_t> studies(state_.studies.size());
    std::vector<std::uint32_t> users(state_.users.size());
    for (const Worker& worker : state_.workers) {
      for (const Hold& hold : worker.holds) {
        if (hold.study == kNoStudy) continue;
        ++studies[at(hold.study)];
        ++users[at(state_.study(hold.study).owner)];
      }
    }
    for (std::size_t i = 0; i < studies.size(); ++i) {
      const Study& study = state_.studies[i];
      expect(study.share.running == studies[i], "study " + study.id + ": its share is wrong");
      expect(study.share.used(state_.now) >= 0, "study " + study.id + ": had less than nothing");
    }
    for (std::size_t i = 0; i < users.size(); ++i)
      expect(state_.users[i].share.running == users[i], "user '" + state_.users[i].name + "': the share is wrong");
  }

  // At whose wish it runs.
  void check_wishes(const Job& job, const std::string& name) {
    std::uint32_t live = 0;
    std::uint32_t active = 0;
    std::set<CodeIndex> pins;
    for_each_study(state_, job, [&](StudyIndex index) {
      const Study& study = state_.study(index);
      live += study.state != StudyState::cancelled;
      if (study.state == StudyState::cancelled || study.paused) return;
      ++active;
      pins.insert(study.pin);
    });
    expect(live == job.live_studies, name + "live_studies is wrong");
    expect(active == job.active_studies, name + "active_studies is wrong");
    expect((pins.size() == 1 ? *pins.begin() : kAnyCode) == job.code, name + "code is wrong");
  }

  void check_job_state(JobIndex index, const std::string& name) {
    const Job& job = state_.job(index);
    const bool could_run = job.missing_inputs == 0;
    expect(job.state != JobState::queued || could_run, name + "queued but not ready");
    expect(job.state != JobState::blocked || !could_run, name + "blocked without cause");
    expect(is_bad(job) || job.state == JobState::succeeded || job.live_studies > 0, name + "nobody wants it");
    expect((job.state == JobState::running) == (job.worker != kNoWorker), name + "runs nowhere, or rests at a worker");
    const std::size_t present = present_holds(job);
    const bool alone = job.state != JobState::running || !state_.gangs.contains(index);
    expect(!alone || present == (job.state == JobState::running ? 1 : 0), name + "wrong number of present attempts");
    expect(job.tries <= state_.limits.max_tries, name + "too many tries");
    expect(job.losses <= state_.limits.max_losses, name + "too many losses");
    const bool used_up = job.tries >= state_.limits.max_tries || job.losses >= state_.limits.max_losses;
    expect(!used_up || is_bad(job) || job.state == JobState::succeeded, name + "goes on without tries");
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
    std::uint64_t memory = 0;
    for (const Hold& hold : worker.holds)
      memory += hold.memory_bytes;
    expect(memory == worker.memory_used, "worker " + worker.id + ": memory_used is wrong");
    expect(!worker.connected || memory <= worker.memory_bytes, "worker " + worker.id + ": memory overcommitted");
    expect(worker.cordoned == (state_.cordons.contains(worker.id) || state_.cordons.contains(worker.name)),
           "worker " + worker.id + ": cordoned or not by mistake");
    expect(worker.quarantined_until == 0 || worker.quarantined_until > state_.now,
           "worker " + worker.id + ": in quarantine for too long");
    const bool open = worker.may_work() && worker.has_room();
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

  // A free slot and a job that could have it at once.
  void check_no_idling() {
    if (state_.paused) return;
    for (const Worker& worker : state_.workers) {
      if (!worker.may_work() || !worker.has_slot() || is_kept_free(worker) || is_kept_for_gang(state_, worker))
        continue;
      for (const Job& job : state_.jobs) {
        const Shape& shape = state_.shapes[at(job.shape)];
        if (is_gang(shape) || !is_ready(job) || !may_have(state_, worker, job)) continue;
        const bool fits = can_run(worker, shape) && shape.placement.memory_bytes <= worker.memory_left();
        expect(!fits, "worker " + worker.id + " idles while a job is ready");
      }
    }
  }

  // Others have overtaken a job that waits for memory here often enough.
  bool is_kept_free(const Worker& worker) const {
    if (worker.overtaken < state_.limits.most_overtaken) return false;
    return std::any_of(state_.jobs.begin(), state_.jobs.end(), [&](const Job& job) {
      const Shape& shape = state_.shapes[at(job.shape)];
      return !is_gang(shape) && is_ready(job) && may_have(state_, worker, job) && can_run(worker, shape) &&
             shape.placement.memory_bytes > worker.memory_left();
    });
  }

  const State& state_;
  std::vector<std::string> problems_;
};

}  // namespace

std::vector<std::string> check_invariants(const State& state) {
  return Checker(state).run();
}

}  // namespace checkerlab::coordinator::scheduler
