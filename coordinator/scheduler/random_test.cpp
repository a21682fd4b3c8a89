// Thousands of random events, among them lost, repeated, reordered and stale ones, with every invariant checked after
// each.
#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <random>
#include <set>

#include "coordinator/scheduler/testing/harness.hpp"

namespace checkerlab::coordinator::scheduler {
namespace {

using testing::Harness;
using testing::key_of;

constexpr std::uint32_t kJobs = 200;
constexpr int kSteps = 4'000;

// A world of workers that lose, repeat and delay messages.
class World {
 public:
  explicit World(std::uint32_t seed) : random_(seed) {
    harness_.state.limits.quarantine_after = 1;
    harness_.state.limits.first_quarantine = 3'000;
    harness_.state.limits.longest_quarantine = 12'000;
    harness_.state.limits.max_losses = 4;
    harness_.state.limits.most_overtaken = 3;
  }

  void run() {
    for (int step = 0; step < kSteps && !::testing::Test::HasFailure(); ++step)
      act();
    settle();
    expect_disorder();
  }

 private:
  // The run was worth something: all of it happened.
  void expect_disorder() {
    for (const Verdict verdict : {Verdict::recorded, Verdict::duplicate, Verdict::stale}) {
      EXPECT_GT(verdicts_[verdict], 10) << static_cast<int>(verdict);
    }
    for (const AttemptEnd end : {AttemptEnd::succeeded, AttemptEnd::failed, AttemptEnd::crashed, AttemptEnd::lost,
                                 AttemptEnd::preempted, AttemptEnd::cancelled, AttemptEnd::timed_out}) {
      EXPECT_GT(ends_[end], 0) << static_cast<int>(end);
    }
    EXPECT_GT(rests_, 0);
    EXPECT_GT(quarantines_, 0);
    EXPECT_GT(gangs_, 10);
    EXPECT_GT(ranks_done_, 0);
  }

  struct Message {
    std::string worker;
    Event event;
  };

  std::uint32_t pick(std::uint32_t below) {
    return std::uniform_int_distribution<std::uint32_t>(0, below - 1)(random_);
  }
  std::string worker() { return "w" + std::to_string(pick(4)); }

  void fire(const Event& event) {
    harness_.fire(event);
    for (const Effect& effect : harness_.effects)
      note(effect);
  }

  void note(const Effect& effect) {
    if (const auto* assign = std::get_if<Assign>(&effect)) {
      const AttemptId attempt{harness_.state.job(assign->job).key, assign->number};
      EXPECT_EQ(numbers_.emplace(attempt.key, attempt.number).second, assign->rank == 0)
          << "an attempt number was used twice";
      gangs_ += assign->size > 1 && assign->rank == 0;
      held_[harness_.state.worker(assign->worker).id].push_back(attempt);
      everything_.push_back({harness_.state.worker(assign->worker).id, attempt});
    } else if (const auto* decision = std::get_if<Decision>(&effect)) {
      ++verdicts_[decision->verdict];
      if (decision->verdict == Verdict::recorded) recorded(decision->attempt);
    } else if (const auto* done = std::get_if<RankDone>(&effect)) {
      // Told after its decision, which was not the attempt's.
      accepted_[harness_.state.job(done->job).key] = done->number - 1;
      ++ranks_done_;
    } else if (const auto* rests = std::get_if<JobRests>(&effect)) {
      rests_ += rests->until > 0;
    } else if (const auto* changed = std::get_if<WorkerChanged>(&effect)) {
      quarantines_ += harness_.state.worker(changed->worker).quarantined_until > 0;
    } else if (const auto* ended = std::get_if<AttemptEnded>(&effect)) {
      const AttemptId attempt{harness_.state.job(ended->job).key, ended->number};
      EXPECT_TRUE(ended_.emplace(attempt.key, attempt.number).second) << "an attempt ended twice";
      ++ends_[ended->end];
      if (ended->end == AttemptEnd::succeeded) {
        EXPECT_TRUE(results_.insert(attempt.key).second) << "a key was recorded twice";
      }
    }
  }

  void recorded(const AttemptId& attempt) {
    const auto job = harness_.state.find_job(attempt.key);
    EXPECT_GE(attempt.number, accepted_[attempt.key] + 1) << "a stale fence was accepted";
    accepted_[attempt.key] = attempt.number;
    EXPECT_GE(harness_.state.job(*job).attempt, attempt.number);
  }

  // Jobs in layers; each needs up to two of those before it.
  void submit() {
    JobsSubmitted event{study(), some_jobs()};
    if (pick(3) == 0) event.order = any_order();
    fire(event);
  }
  std::string study() { return "s" + std::to_string(pick(6)); }
  std::vector<NewJob> some_jobs() {
    const std::uint32_t first = pick(kJobs - 10);
    std::set<std::uint32_t> wanted;
    for (std::uint32_t number = first; number < first + 10; ++number)
      add_with_inputs(number, wanted);
    std::vector<NewJob> jobs;
    for (const std::uint32_t number : wanted) {
      jobs.push_back({key_of(number), number % 3 == 0 ? "train" : "noop", static_cast<std::int16_t>(number % 2),
                      number % 3 != 0, inputs_of(number), placement_of(number)});
    }
    return jobs;
  }
  StudyOrder any_order() {
    const Millis deadline = pick(2) == 0 ? kNever : harness_.state.now + pick(200'000'000);
    return {static_cast<std::int16_t>(pick(3)), deadline, pick(2) == 0 ? "anna" : "bert"};
  }
  // What a job asks for changes now and then.
  Placement placement_of(std::uint32_t number) {
    Placement placement;
    if (number % 5 == 0) placement.labels = {{"site", "x"}};
    if (number % 4 == 0) placement.memory_bytes = 1 + pick(3);
    if (number % 7 == 0) placement.time_limit = 4'000;
    if (number % 3 == 1) placement.most_ranks = 2;
    if (number % 6 == 1 && placement.labels.empty()) placement.least_ranks = 2;  // only one of each code has the label
    return placement;
  }

  // Another set of jobs for a study, a rest, or its ended jobs again.
  void steer() {
    switch (pick(4)) {
      case 0: {
        StudyRevised event{study(), some_jobs()};
        if (pick(3) == 0) event.order = any_order();
        if (pick(3) == 0) event.code = code();
        return fire(event);
      }
      case 1: {
        JobsRerun event{study(), {}};
        for (int i = 0; i < 20; ++i)
          event.jobs.push_back(key_of(pick(kJobs)));
        return fire(event);
      }
      case 2:
        return fire(StudyPaused{study(), true, pick(2) == 0});
      default:
        return fire(StudyPaused{study(), false});
    }
  }
  std::string code() { return pick(3) == 0 ? "" : "v" + std::to_string(pick(2)); }

  static std::vector<Key> inputs_of(std::uint32_t number) {
    if (number < 8) return {};
    if (number % 2 == 0) return {key_of(number / 2)};
    return {key_of(number / 2), key_of(number / 3)};
  }
  static void add_with_inputs(std::uint32_t number, std::set<std::uint32_t>& wanted) {
    if (!wanted.insert(number).second || number < 8) return;
    add_with_inputs(number / 2, wanted);
    add_with_inputs(number / 3, wanted);
  }

  void connect() {
    const std::string name = worker();
    auto& held = held_[name];
    if (pick(4) == 0) held.clear();  // the process was replaced, or assignments were lost
    say_hello(name, held);
  }
  // Two of the workers have the label that some jobs ask for, and share a name; one of each two has the other code.
  void say_hello(const std::string& name, const std::vector<AttemptId>& held) {
    const bool labelled = name == "w0" || name == "w1";
    fire(WorkerConnected{name,
                         2,
                         1,
                         {"noop", "train"},
                         held,
                         labelled ? "pair" : name,
                         labelled ? Labels{{"site", "x"}} : Labels{},
                         4,
                         name == "w0" || name == "w2" ? "v0" : "v1"});
  }

  // A worker finishes something it has; the message may be sent twice or late.
  void finish() {
    const std::string name = worker();
    auto& held = held_[name];
    if (held.empty()) return;
    const std::uint32_t index = pick(static_cast<std::uint32_t>(held.size()));
    const AttemptId attempt = held[index];
    held.erase(held.begin() + index);
    constexpr std::array kOutcomes{Outcome::succeeded, Outcome::succeeded, Outcome::succeeded,
                                   Outcome::crashed,   Outcome::preempted, Outcome::failed};
    const Outcome outcome = pick(3) == 0 ? kOutcomes[pick(kOutcomes.size())] : Outcome::succeeded;
    for (std::uint32_t copies = pick(5) == 0 ? 2 : 1; copies > 0; --copies) {
      delayed_.push_back({name, AttemptFinished{name, attempt, outcome}});
    }
  }

  // Messages arrive in any order.
  void deliver() {
    if (delayed_.empty()) return;
    const std::uint32_t index = pick(static_cast<std::uint32_t>(delayed_.size()));
    const Message message = delayed_[index];
    delayed_.erase(delayed_.begin() + index);
    fire(message.event);
  }

  // Any attempt there ever was, reported by any worker.
  void replay() {
    if (everything_.empty()) return;
    const auto& [name, attempt] = everything_[pick(static_cast<std::uint32_t>(everything_.size()))];
    fire(AttemptFinished{pick(2) == 0 ? name : worker(), attempt, Outcome::succeeded});
  }

  void act() {
    switch (pick(16)) {
      case 14:
        return meddle();
      case 15:
        return steer();
      case 0:
        return submit();
      case 1:
        return connect();
      case 2:
        return pick(3) == 0 ? fire(WorkerDisconnected{worker()}) : connect();
      case 3:
        return fire(Tick{harness_.state.now + pick(7'000)});
      case 4:
        return pick(2) == 0 ? fire(StudyCancelled{"s" + std::to_string(pick(6))}) : submit();
      case 5:
        return replay();
      case 6: {
        const std::string name = worker();
        return fire(Heartbeat{name, held_[name]});
      }
      case 7: {
        const std::string name = worker();
        if (!held_[name].empty()) fire(AttemptStarted{name, held_[name].front()});
        return;
      }
      case 8:
      case 9:
      case 10:
        return finish();
      default:
        return deliver();
    }
  }

  // What people do.
  void meddle() {
    switch (pick(4)) {
      case 3:
        return fire(StudyCancelled{"s" + std::to_string(pick(6))});
      case 0:
        return fire(Cordoned{pick(2) == 0 ? "pair" : worker(), pick(3) == 0});
      case 1:
        return fire(StudyReordered{"s" + std::to_string(pick(6)), any_order()});
      default:
        return fire(Cordoned{worker(), false});
    }
  }

  // In a quiet world everything that can run comes to an end.
  void settle() {
    for (std::uint32_t i = 0; i < 4; ++i) {
      held_["w" + std::to_string(i)].clear();
      say_hello("w" + std::to_string(i), {});
      fire(Cordoned{"w" + std::to_string(i), false});
    }
    fire(Cordoned{"pair", false});
    for (int i = 0; i < 6; ++i)
      fire(StudyPaused{"s" + std::to_string(i), false});
    for (int i = 0; i < 10'000 && !is_quiet() && !::testing::Test::HasFailure(); ++i) {
      if (harness_.state.running_count == 0) harness_.pass_alive(1'000);
      finish_any();
    }
    EXPECT_EQ(harness_.state.running_count, 0U);
    EXPECT_EQ(harness_.state.ready_count, 0U);
    for (const Study& study : harness_.state.studies) {
      EXPECT_NE(study.state, StudyState::running) << study.id;
      EXPECT_NE(study.state, StudyState::queued) << study.id;
    }
  }
  bool is_quiet() const {
    const State& state = harness_.state;
    return state.running_count == 0 && state.ready_count == 0 && state.rests.empty();
  }
  void finish_any() {
    for (const Worker& each : harness_.state.workers) {
      if (each.holds.empty()) continue;
      const Hold hold = each.holds.front();
      const std::string name = each.id;
      fire(AttemptFinished{name, {harness_.state.job(hold.job).key, hold.number}, Outcome::succeeded});
      return;
    }
  }

  std::mt19937 random_;
  Harness harness_;
  std::map<std::string, std::vector<AttemptId>> held_;
  std::vector<std::pair<std::string, AttemptId>> everything_;
  std::deque<Message> delayed_;
  std::set<std::pair<Key, std::uint32_t>> numbers_;
  std::set<std::pair<Key, std::uint32_t>> ended_;
  std::map<Key, std::uint32_t> accepted_;
  std::set<Key> results_;
  std::map<Verdict, int> verdicts_;
  std::map<AttemptEnd, int> ends_;
  int rests_ = 0;
  int quarantines_ = 0;
  int gangs_ = 0;
  int ranks_done_ = 0;
};

class SchedulerRandom : public ::testing::TestWithParam<std::uint32_t> {};

TEST_P(SchedulerRandom, KeepsItsPromisesInADisorderlyWorld) {
  World(GetParam()).run();
}

INSTANTIATE_TEST_SUITE_P(Seeds, SchedulerRandom, ::testing::Range(1U, 7U));

}  // namespace
}  // namespace checkerlab::coordinator::scheduler
