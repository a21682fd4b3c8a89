// A scheduler under test: applies events, keeps the last effects, and checks every invariant after each event.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "coordinator/scheduler/invariants.hpp"
#include "coordinator/scheduler/scheduler.hpp"

namespace checkerlab::coordinator::scheduler::testing {

inline Key key_of(std::uint32_t number) {
  Key key{};
  for (std::size_t i = 0; i < 4; ++i)
    key[i] = static_cast<std::uint8_t>(number >> (8 * i));
  return key;
}

class Harness {
 public:
  // Applies the event; the effects of the one before are forgotten.
  void fire(const Event& event) {
    effects.clear();
    on_event(state, event, effects);
    const std::vector<std::string> problems = check_invariants(state);
    EXPECT_TRUE(problems.empty()) << problems.front();
  }

  void connect(const std::string& worker, std::uint32_t slots, std::uint32_t prefetch = 0,
               std::vector<AttemptId> held = {}) {
    fire(WorkerConnected{worker, slots, prefetch, {"noop"}, std::move(held)});
  }
  // A worker of this name and id, with labels and memory.
  void connect_with(const std::string& worker, std::uint32_t slots, Labels labels, std::uint64_t memory_bytes = 0) {
    fire(WorkerConnected{worker, slots, 0, {"noop"}, {}, worker, std::move(labels), memory_bytes});
  }
  void submit_placed(const std::string& study, const std::vector<std::uint32_t>& numbers, Placement placement,
                     std::optional<StudyOrder> order = std::nullopt) {
    JobsSubmitted event{study, {}, std::move(order)};
    for (const std::uint32_t number : numbers)
      event.jobs.push_back({key_of(number), "noop", 0, true, {}, placement});
    fire(event);
  }
  // Jobs without inputs.
  void submit(const std::string& study, const std::vector<std::uint32_t>& numbers) {
    JobsSubmitted event{study, {}};
    for (const std::uint32_t number : numbers)
      event.jobs.push_back({key_of(number), "noop", 0, true, {}});
    fire(event);
  }
  // Each job needs the one before it.
  void submit_chain(const std::string& study, const std::vector<std::uint32_t>& numbers) {
    JobsSubmitted event{study, {}};
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      event.jobs.push_back({key_of(numbers[i]), "noop", 0, true, {}});
      if (i > 0) event.jobs.back().inputs = {key_of(numbers[i - 1])};
    }
    fire(event);
  }
  void start(const std::string& worker, std::uint32_t number, std::uint32_t attempt = 1) {
    fire(AttemptStarted{worker, {key_of(number), attempt}});
  }
  void finish(const std::string& worker, std::uint32_t number, std::uint32_t attempt = 1,
              Outcome outcome = Outcome::succeeded) {
    fire(AttemptFinished{worker, {key_of(number), attempt}, outcome});
  }
  // In steps below half a lease, as real ticks come.
  void pass(Millis time) {
    const Millis end = state.now + time;
    Effects all;
    while (state.now < end) {
      fire(Tick{std::min(state.now + 1'000, end)});
      all.insert(all.end(), effects.begin(), effects.end());
    }
    effects = all;
  }

  // The time passes with every connected worker's heartbeat.
  void pass_alive(Millis time) {
    const Millis end = state.now + time;
    while (state.now < end) {
      fire(Tick{std::min(state.now + 1'000, end)});
      for (std::size_t i = 0; i < state.workers.size(); ++i) {
        if (!state.workers[i].connected) continue;
        std::vector<AttemptId> attempts;
        for (const Hold& hold : state.workers[i].holds)
          attempts.push_back({state.job(hold.job).key, hold.number});
        fire(Heartbeat{state.workers[i].id, attempts});
      }
    }
  }

  const Job& details(std::uint32_t number) const { return state.job(*state.find_job(key_of(number))); }
  JobState job(std::uint32_t number) const { return state.job(*state.find_job(key_of(number))).state; }
  StudyState study(const std::string& id) const { return state.study(*state.find_study(id)).state; }

  template <class Wanted>
  std::vector<Wanted> all() const {
    std::vector<Wanted> found;
    for (const Effect& effect : effects) {
      if (const auto* wanted = std::get_if<Wanted>(&effect)) found.push_back(*wanted);
    }
    return found;
  }
  Verdict verdict() const {
    const auto decisions = all<Decision>();
    EXPECT_EQ(decisions.size(), 1U);
    return decisions.empty() ? Verdict::stale : decisions.front().verdict;
  }

  State state;
  Effects effects;
};

}  // namespace checkerlab::coordinator::scheduler::testing
