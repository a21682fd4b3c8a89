// The agent with real runner processes against a coordinator in the same process.
#include "worker/agent/agent.hpp"

#include <gmock/gmock.h>
#include <signal.h>

#include <set>

#include "worker/agent/testing/running_agent.hpp"

namespace checkerlab::worker {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using testing::noop;
using testing::only;
using testing::RunningAgent;

bool is_alive(int pid) {
  return ::kill(pid, 0) == 0;
}

TEST(Agent, SaysWhoItIs) {
  RunningAgent agent;
  const auto hello = agent.coordinator().wait_for<rpc::Hello>(1).front();
  EXPECT_EQ(hello.name, "test");
  EXPECT_EQ(hello.slots, 1);
  EXPECT_THAT(hello.kinds, Contains("noop"));
  EXPECT_FALSE(hello.instance.empty());
  EXPECT_TRUE(hello.held.empty());
}

TEST(Agent, DoesAJobAndSaysSo) {
  RunningAgent agent;
  agent.coordinator().wait_for<rpc::Hello>(1);
  const auto job = noop(7, "steps");
  agent.coordinator().assign({job});
  const auto finished = agent.coordinator().wait_finished(job.attempt);
  EXPECT_EQ(finished.outcome, rpc::Outcome::kSucceeded);
  ASSERT_TRUE(finished.result.has_value());
  EXPECT_EQ(finished.result->metrics.at("index"), 7);
  EXPECT_EQ(agent.coordinator().wait_for<rpc::AttemptStarted>(1).front().attempt.key, job.attempt.key);
}

TEST(Agent, DoesManyLightJobsInOneProcessEachOnce) {
  RunningAgent agent;
  agent.coordinator().wait_for<rpc::Hello>(1);
  const auto pids = agent.runner_pids();
  std::vector<rpc::Assignment> jobs;
  for (int i = 0; i < 3000; ++i)
    jobs.push_back(noop(i, "ok"));
  agent.coordinator().assign(jobs);
  const auto finished = agent.coordinator().wait_for<rpc::AttemptFinished>(jobs.size());
  std::set<std::string> keys;
  for (const auto& one : finished)
    keys.insert(one.attempt.key.str());
  EXPECT_EQ(finished.size(), jobs.size());
  EXPECT_EQ(keys.size(), jobs.size());
  EXPECT_EQ(agent.runner_pids(), pids);
}

TEST(Agent, ReportsADeterministicFailureOnce) {
  RunningAgent agent;
  agent.coordinator().wait_for<rpc::Hello>(1);
  const auto job = noop(1, "fail");
  agent.coordinator().assign({job});
  const auto finished = agent.coordinator().wait_finished(job.attempt);
  EXPECT_EQ(finished.outcome, rpc::Outcome::kFailed);
  ASSERT_TRUE(finished.error.has_value());
  EXPECT_EQ(finished.error->code, "invalid_argument");
  EXPECT_FALSE(finished.error->retryable);
  EXPECT_FALSE(finished.error->fix.empty());
}

TEST(Agent, NamesTheKindItDoesNotKnow) {
  RunningAgent agent;
  agent.coordinator().wait_for<rpc::Hello>(1);
  auto job = noop(1, "ok");
  job.spec["kind"] = "brew_coffee";
  agent.coordinator().assign({job});
  const auto finished = agent.coordinator().wait_finished(job.attempt);
  ASSERT_TRUE(finished.error.has_value());
  EXPECT_THAT(finished.error->message, HasSubstr("brew_coffee"));
}

TEST(Agent, RefusesASpecThatDoesNotFollowItsSchema) {
  RunningAgent agent;
  agent.coordinator().wait_for<rpc::Hello>(1);
  auto job = noop(1, "steps");
  job.spec["params"]["colour"] = "red";
  agent.coordinator().assign({job});
  const auto finished = agent.coordinator().wait_finished(job.attempt);
  ASSERT_TRUE(finished.error.has_value());
  EXPECT_EQ(finished.error->code, "invalid_data");
  EXPECT_THAT(finished.error->message, HasSubstr("colour"));
  EXPECT_FALSE(finished.error->retryable);
}

TEST(Agent, TurnsACrashIntoOneFailedAttemptAndLivesOn) {
  RunningAgent agent;
  agent.coordinator().wait_for<rpc::Hello>(1);
  const auto before = agent.runner_pids();
  const auto crash = noop(1, "crash");
  const auto next = noop(2, "ok");
  agent.coordinator().assign({noop(0, "steps"), crash, next});
  const auto finished = agent.coordinator().wait_finished(crash.attempt);
  EXPECT_EQ(finished.outcome, rpc::Outcome::kFailed);
  ASSERT_TRUE(finished.error.has_value());
  EXPECT_EQ(finished.error->code, "runner_crashed");
  EXPECT_EQ(finished.error->signal, SIGSEGV);
  EXPECT_THAT(finished.error->message, HasSubstr("SIGSEGV"));
  EXPECT_TRUE(finished.error->retryable);
  EXPECT_EQ(agent.coordinator().wait_finished(next.attempt).outcome, rpc::Outcome::kSucceeded);
  EXPECT_NE(agent.runner_pids(), before);
}

TEST(Agent, BlamesAKilledRunnersJobAloneAndRunsTheOthers) {
  RunningAgent agent;
  agent.coordinator().wait_for<rpc::Hello>(1);
  const auto hang = noop(1, "hang");
  const auto next = noop(2, "ok");
  agent.coordinator().assign({hang, next});
  agent.coordinator().wait_for<rpc::AttemptStarted>(1);
  ::kill(agent.runner_pids().front(), SIGKILL);
  const auto finished = agent.coordinator().wait_finished(hang.attempt);
  ASSERT_TRUE(finished.error.has_value());
  EXPECT_EQ(finished.error->signal, SIGKILL);
  EXPECT_THAT(finished.error->fix, HasSubstr("memory"));
  EXPECT_EQ(agent.coordinator().wait_finished(next.attempt).outcome, rpc::Outcome::kSucceeded);
}

TEST(Agent, CancelsAJobThatHangs) {
  RunningAgent agent;
  agent.coordinator().wait_for<rpc::Hello>(1);
  const auto before = agent.runner_pids();
  const auto job = noop(1, "hang");
  agent.coordinator().assign({job});
  agent.coordinator().wait_for<rpc::AttemptStarted>(1);
  agent.coordinator().cancel(job.attempt);
  EXPECT_EQ(agent.coordinator().wait_finished(job.attempt).outcome, rpc::Outcome::kCancelled);
  EXPECT_EQ(agent.runner_pids(), before) << "a job that stops when asked costs no process";
}

TEST(Agent, KillsARunnerThatDoesNotStopWhenAsked) {
  RunningAgent agent;
  agent.coordinator().wait_for<rpc::Hello>(1);
  const int pid = agent.runner_pids().front();
  const auto job = noop(1, "hang");
  agent.coordinator().assign({job});
  agent.coordinator().wait_for<rpc::AttemptStarted>(1);
  ::kill(pid, SIGSTOP);
  agent.coordinator().cancel(job.attempt);
  EXPECT_EQ(agent.coordinator().wait_finished(job.attempt).outcome, rpc::Outcome::kCancelled);
  EXPECT_FALSE(is_alive(pid));
}

TEST(Agent, CancelsAJobThatWaits) {
  RunningAgent agent;
  agent.coordinator().wait_for<rpc::Hello>(1);
  const auto waiting = noop(2, "steps");
  agent.coordinator().assign({noop(1, "hang"), waiting});
  agent.coordinator().wait_for<rpc::AttemptStarted>(1);
  agent.coordinator().cancel(waiting.attempt);
  EXPECT_EQ(agent.coordinator().wait_finished(waiting.attempt).outcome, rpc::Outcome::kCancelled);
}

TEST(Agent, AnswersTheCancelOfAnAttemptItDoesNotHave) {
  RunningAgent agent;
  agent.coordinator().wait_for<rpc::Hello>(1);
  const auto unknown = noop(1, "ok").attempt;
  agent.coordinator().cancel(unknown);
  EXPECT_EQ(agent.coordinator().wait_finished(unknown).outcome, rpc::Outcome::kCancelled);
}

TEST(Agent, StopsAnAttemptWhoseFenceIsPast) {
  RunningAgent agent;
  agent.coordinator().wait_for<rpc::Hello>(1);
  const auto old = noop(1, "hang", 1);
  const auto present = noop(1, "hang", 2);
  agent.coordinator().assign({old});
  agent.coordinator().wait_for<rpc::AttemptStarted>(1);
  agent.coordinator().assign({present});
  EXPECT_EQ(agent.coordinator().wait_finished(old.attempt).outcome, rpc::Outcome::kCancelled);
  const auto started = agent.coordinator().wait_for<rpc::AttemptStarted>(2);
  EXPECT_EQ(started.back().attempt.attempt, AttemptNumber{2});
}

TEST(Agent, GivesBackItsWorkWhenStopped) {
  RunningAgent agent;
  agent.coordinator().wait_for<rpc::Hello>(1);
  const auto pids = agent.runner_pids();
  const auto running = noop(1, "hang");
  const auto waiting = noop(2, "steps");
  agent.coordinator().assign({running, waiting});
  agent.coordinator().wait_for<rpc::AttemptStarted>(1);
  EXPECT_FALSE(agent.stop().has_value());
  for (const auto& attempt : {running.attempt, waiting.attempt}) {
    const auto finished = agent.coordinator().wait_finished(attempt);
    ASSERT_TRUE(finished.error.has_value());
    EXPECT_EQ(finished.error->code, "preempted");
    EXPECT_TRUE(finished.error->retryable);
  }
  for (const int pid : pids)
    EXPECT_FALSE(is_alive(pid));
}

TEST(Agent, LeavesWhenDrainedAndDone) {
  RunningAgent agent;
  agent.coordinator().wait_for<rpc::Hello>(1);
  const auto job = noop(1, "steps");
  agent.coordinator().assign({job});
  agent.coordinator().send(rpc::Drain{});
  agent.wait_stopped();
  EXPECT_EQ(agent.coordinator().wait_finished(job.attempt).outcome, rpc::Outcome::kSucceeded);
}

TEST(Agent, EndsWhenItsTokenIsRefused) {
  RunningAgent agent([](AgentOptions&, testing::FakeCoordinator& coordinator) { coordinator.set_refusal(401); });
  const auto refused = agent.wait_stopped();
  ASSERT_TRUE(refused.has_value());
  EXPECT_EQ(refused->status, 401);
}

TEST(Agent, SendsLogsProgressAndCurvesOfAJobBeforeItsEnd) {
  RunningAgent agent;
  agent.coordinator().wait_for<rpc::Hello>(1);
  const auto job = noop(1, "steps", 1, 5);
  agent.coordinator().assign({job});
  agent.coordinator().wait_finished(job.attempt);
  const auto said = agent.coordinator().wait_until([](const auto&) { return true; });
  std::int64_t done = 0;
  std::size_t points = 0;
  for (const auto& progress : only<rpc::Progress>(said))
    done = progress.done;
  for (const auto& curve : only<rpc::Curve>(said))
    points += curve.points.size();
  EXPECT_EQ(done, 5);
  EXPECT_EQ(points, 5U);
  EXPECT_EQ(only<rpc::Log>(said).front().lines.front().text, "start at step 0");
}

}  // namespace
}  // namespace checkerlab::worker
