#include "tests/simulation/plants/plant.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "coordinator/scheduler/attempts.hpp"
#include "coordinator/scheduler/scheduler.hpp"

namespace checkerlab::simulation {

using namespace coordinator::scheduler;

namespace {

// Calls `instead(state, event, effects)` for events of this type, and the real scheduler for all others.
template <class Kind, class Instead>
Scheduler at_event(Instead instead) {
  return [instead](State& state, const Event& event, Effects& effects) {
    if (const auto* wanted = std::get_if<Kind>(&event)) {
      instead(state, *wanted, effects);
    } else {
      on_event(state, event, effects);
    }
  };
}

// Calls `spoil(effects)` after the real scheduler.
template <class Spoil>
Scheduler with_effects(Spoil spoil) {
  return [spoil](State& state, const Event& event, Effects& effects) {
    on_event(state, event, effects);
    spoil(effects);
  };
}

template <class Kind, class Which>
Scheduler without_effects(Which which) {
  return with_effects([which](Effects& effects) {
    std::erase_if(effects, [&](const Effect& effect) {
      const auto* wanted = std::get_if<Kind>(&effect);
      return wanted && which(*wanted);
    });
  });
}

// ---- fences and results ----

Scheduler takes_any_attempt_for_the_present_one() {
  return at_event<AttemptFinished>([](State& state, AttemptFinished event, Effects& effects) {
    const auto job = state.find_job(event.attempt.key);
    if (job && state.job(*job).state == JobState::running) event.attempt.number = state.job(*job).attempt;
    on_event(state, event, effects);
  });
}

Scheduler takes_results_of_strangers() {
  return at_event<AttemptFinished>([](State& state, AttemptFinished event, Effects& effects) {
    const auto job = state.find_job(event.attempt.key);
    if (job && state.job(*job).state == JobState::running) event.worker = state.worker(state.job(*job).worker).id;
    on_event(state, event, effects);
  });
}

Scheduler accepts_what_it_refused() {
  return with_effects([](Effects& effects) {
    for (Effect& effect : effects) {
      if (auto* decision = std::get_if<Decision>(&effect)) decision->verdict = Verdict::duplicate;
    }
  });
}

Scheduler records_a_repeated_result_again() {
  return at_event<AttemptFinished>([](State& state, const AttemptFinished& event, Effects& effects) {
    const auto job = state.find_job(event.attempt.key);
    const bool known = job && state.job(*job).state == JobState::succeeded;
    on_event(state, event, effects);
    if (known && event.outcome == Outcome::succeeded && state.job(*job).attempt == event.attempt.number)
      effects.push_back(AttemptEnded{*job, event.attempt.number, AttemptEnd::succeeded, false});
  });
}

Scheduler forgets_the_number_of_attempts_at_a_start() {
  return at_event<Restored>([](State& state, Restored event, Effects& effects) {
    for (RestoredJob& job : event.jobs) {
      if (job.state != JobState::running) job.attempt = 0;
    }
    on_event(state, event, effects);
  });
}

// ---- capacity ----

Scheduler keeps_the_place_of_what_finished() {
  return at_event<AttemptFinished>([](State& state, const AttemptFinished& event, Effects& effects) {
    const auto worker = state.find_worker(event.worker);
    const auto job = state.find_job(event.attempt.key);
    on_event(state, event, effects);
    if (!worker || !job || state.worker(*worker).holds.size() >= state.worker(*worker).slots) return;
    state.worker(*worker).holds.push_back({*job, event.attempt.number, state.now + 1'000'000'000, true, true});
  });
}

Scheduler counts_one_slot_too_many() {
  return at_event<WorkerConnected>([](State& state, WorkerConnected event, Effects& effects) {
    ++event.slots;
    on_event(state, event, effects);
  });
}

// ---- the graph ----

Scheduler forgets_dependents() {
  return [](State& state, const Event& event, Effects& effects) {
    const bool finished = std::holds_alternative<AttemptFinished>(event);
    const bool paused = state.paused;
    state.paused = state.paused || finished;  // so that nobody is given what is taken back below
    on_event(state, event, effects);
    state.paused = paused;
    if (!finished) return;
    std::erase_if(effects, [&](const Effect& effect) {
      const auto* changed = std::get_if<JobChanged>(&effect);
      return changed && changed->state == JobState::queued && state.job(changed->job).input_count > 0;
    });
    on_event(state, Tick{state.now}, effects);
  };
}

Scheduler runs_jobs_before_their_inputs() {
  return at_event<JobsSubmitted>([](State& state, JobsSubmitted event, Effects& effects) {
    for (NewJob& job : event.jobs) {
      if (job.kind == "score_point") job.inputs.clear();
    }
    on_event(state, event, effects);
  });
}

Scheduler never_tells_that_a_study_ended() {
  return without_effects<StudyChanged>([](const StudyChanged& changed) {
    return changed.state == StudyState::succeeded || changed.state == StudyState::failed;
  });
}

// ---- cancelling ----

Scheduler loses_the_cancel() {
  return at_event<StudyCancelled>([](State&, const StudyCancelled&, Effects&) {});
}

Scheduler cancels_what_others_need() {
  return at_event<StudyCancelled>([](State& state, const StudyCancelled& event, Effects& effects) {
    on_event(state, event, effects);
    const auto cancelled = state.find_study(event.study);
    if (!cancelled) return;
    for (const Study& study : std::vector<Study>(state.studies)) {
      const bool shares = std::ranges::any_of(study.jobs, [&](JobIndex job) {
        return std::ranges::find(state.study(*cancelled).jobs, job) != state.study(*cancelled).jobs.end();
      });
      if (shares && study.id != event.study) on_event(state, StudyCancelled{study.id}, effects);
    }
  });
}

Scheduler tells_no_worker_to_stop() {
  return without_effects<CancelAttempt>([](const CancelAttempt&) { return true; });
}

// ---- changing one's mind ----

Scheduler forgets_who_left_the_study() {
  return at_event<StudyRevised>([](State& state, const StudyRevised& event, Effects& effects) {
    on_event(state, JobsSubmitted{event.study, event.jobs, event.order, event.code}, effects);
  });
}

Scheduler does_not_pause() {
  return at_event<StudyPaused>([](State&, const StudyPaused&, Effects&) {});
}

Scheduler forgets_pauses_at_a_start() {
  return at_event<Restored>([](State& state, Restored event, Effects& effects) {
    for (RestoredStudy& study : event.studies)
      study.paused = false;
    on_event(state, event, effects);
  });
}

Scheduler runs_again_what_succeeded() {
  return at_event<JobsRerun>([](State& state, const JobsRerun& event, Effects& effects) {
    on_event(state, event, effects);
    for (Job& job : state.jobs) {
      if (job.state != JobState::succeeded || job.input_count > 0) continue;
      const auto index = static_cast<JobIndex>(&job - state.jobs.data());
      effects.push_back(JobChanged{index, JobState::queued, JobState::failed});
      return;
    }
  });
}

// ---- time, tries and workers ----

Scheduler never_ends_a_lease() {
  return at_event<Tick>([](State& state, const Tick& event, Effects& effects) {
    for (Worker& worker : state.workers) {
      for (Hold& hold : worker.holds)
        hold.lease_until = event.now + 1'000'000'000;
    }
    on_event(state, event, effects);
  });
}

Scheduler retries_what_can_never_work() {
  return at_event<AttemptFinished>([](State& state, AttemptFinished event, Effects& effects) {
    if (event.outcome == Outcome::failed) event.outcome = Outcome::crashed;
    on_event(state, event, effects);
  });
}

Scheduler blames_the_job_for_a_preemption() {
  return at_event<AttemptFinished>([](State& state, AttemptFinished event, Effects& effects) {
    if (event.outcome == Outcome::preempted) event.outcome = Outcome::crashed;
    on_event(state, event, effects);
  });
}

Scheduler gives_nothing_out_after_a_second_start() {
  return at_event<Restored>([](State& state, const Restored& event, Effects& effects) {
    state.paused = !event.jobs.empty();
    on_event(state, event, effects);
  });
}

Scheduler hands_one_attempt_to_a_worker_twice() {
  return with_effects([](Effects& effects) {
    for (std::size_t i = 0; i < effects.size(); ++i) {
      if (!std::holds_alternative<Assign>(effects[i])) continue;
      effects.insert(effects.begin() + static_cast<std::ptrdiff_t>(i), Effect(effects[i]));
      return;
    }
  });
}

// ---- gangs ----

// Its place becomes free and the others go on without it.
Scheduler ignores_a_rank_that_ends() {
  return at_event<AttemptFinished>([](State& state, AttemptFinished event, Effects& effects) {
    const auto worker = state.find_worker(event.worker);
    const auto job = state.find_job(event.attempt.key);
    const auto gang = job ? state.gangs.find(*job) : state.gangs.end();
    const bool other = worker && gang != state.gangs.end() && gang->second.workers.front() != *worker;
    if (other) event.outcome = Outcome::succeeded;
    on_event(state, event, effects);
  });
}

Scheduler forgets_the_ranks_at_a_start() {
  return at_event<Restored>([](State& state, Restored event, Effects& effects) {
    for (RestoredJob& job : event.jobs)
      job.ranks.clear();
    on_event(state, event, effects);
  });
}

Scheduler starts_gangs_with_too_few() {
  return at_event<JobsSubmitted>([](State& state, JobsSubmitted event, Effects& effects) {
    on_event(state, event, effects);
    for (Shape& shape : state.shapes) {
      if (shape.placement.least_ranks > 1) shape.placement.least_ranks = 1;
    }
  });
}

Scheduler takes_workers_of_a_gang_for_free() {
  return [](State& state, const Event& event, Effects& effects) {
    on_event(state, event, effects);
    for (std::size_t i = 0; i < state.workers.size(); ++i) {
      auto& holds = state.workers[i].holds;
      const auto rank = std::ranges::find_if(holds, [](const Hold& hold) { return hold.rank > 0; });
      if (rank != holds.end()) release_hold(state, static_cast<WorkerIndex>(i), &*rank);
    }
    on_event(state, Tick{state.now}, effects);
  };
}

Plant in_scheduler(const std::string& name, Scheduler scheduler) {
  return {name, std::move(scheduler), {}, false};
}

}  // namespace

std::vector<Plant> all_plants() {
  std::vector<Plant> plants{
      in_scheduler("takes_any_attempt_for_the_present_one", takes_any_attempt_for_the_present_one()),
      in_scheduler("takes_results_of_strangers", takes_results_of_strangers()),
      in_scheduler("accepts_what_it_refused", accepts_what_it_refused()),
      in_scheduler("records_a_repeated_result_again", records_a_repeated_result_again()),
      in_scheduler("forgets_the_number_of_attempts_at_a_start", forgets_the_number_of_attempts_at_a_start()),
      in_scheduler("keeps_the_place_of_what_finished", keeps_the_place_of_what_finished()),
      in_scheduler("counts_one_slot_too_many", counts_one_slot_too_many()),
      in_scheduler("forgets_dependents", forgets_dependents()),
      in_scheduler("runs_jobs_before_their_inputs", runs_jobs_before_their_inputs()),
      in_scheduler("never_tells_that_a_study_ended", never_tells_that_a_study_ended()),
      in_scheduler("loses_the_cancel", loses_the_cancel()),
      in_scheduler("cancels_what_others_need", cancels_what_others_need()),
      in_scheduler("tells_no_worker_to_stop", tells_no_worker_to_stop()),
      in_scheduler("forgets_who_left_the_study", forgets_who_left_the_study()),
      in_scheduler("does_not_pause", does_not_pause()),
      in_scheduler("forgets_pauses_at_a_start", forgets_pauses_at_a_start()),
      in_scheduler("runs_again_what_succeeded", runs_again_what_succeeded()),
      in_scheduler("never_ends_a_lease", never_ends_a_lease()),
      in_scheduler("retries_what_can_never_work", retries_what_can_never_work()),
      in_scheduler("blames_the_job_for_a_preemption", blames_the_job_for_a_preemption()),
      in_scheduler("gives_nothing_out_after_a_second_start", gives_nothing_out_after_a_second_start()),
      in_scheduler("hands_one_attempt_to_a_worker_twice", hands_one_attempt_to_a_worker_twice()),
      in_scheduler("ignores_a_rank_that_ends", ignores_a_rank_that_ends()),
      in_scheduler("forgets_the_ranks_at_a_start", forgets_the_ranks_at_a_start()),
      in_scheduler("starts_gangs_with_too_few", starts_gangs_with_too_few()),
      in_scheduler("takes_workers_of_a_gang_for_free", takes_workers_of_a_gang_for_free()),
  };
  plants.push_back({"acknowledges_before_the_commit", {}, {.acknowledges_first = true}, false});
  plants.push_back({"hides_errors_of_the_disk", {}, {.hides_errors = true}, false});
  plants.push_back({"forgets_a_change", {}, {.forgets_one_of = 37}, false});
  plants.push_back({"does_not_sync", {}, {}, true});
  return plants;
}

Plant find_plant(const std::string& name) {
  std::string names;
  for (Plant& plant : all_plants()) {
    if (plant.name == name) return plant;
    names += "\n  " + plant.name;
  }
  throw Error(ErrorCode::not_found, "no planted bug is called '" + name + "'", "There are:" + names);
}

}  // namespace checkerlab::simulation
