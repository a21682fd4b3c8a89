// Two agents, each with its coordinator, that do one attempt together with real runner processes; the test passes on
// what the coordinator would.
#include <gmock/gmock.h>
#include <signal.h>

#include <algorithm>

#include "worker/agent/testing/running_agent.hpp"

namespace checkerlab::worker {
namespace {

using testing::FakeCoordinator;
using testing::noop;
using testing::only;
using testing::RunningAgent;

rpc::Assignment rank(rpc::Assignment job, int rank, int size = 2) {
  job.gang = rpc::GangSeat{.rank = rank, .size = size, .secret = "s3cret"};
  return job;
}

class Gang : public ::testing::Test {
 protected:
  explicit Gang(const RunningAgent::Prepare& prepare = [](AgentOptions&, FakeCoordinator&) {})
      : agent_zero_(prepare), agent_one_(prepare) {
    zero().wait_for<rpc::Hello>(1);
    one().wait_for<rpc::Hello>(1);
  }

  FakeCoordinator& zero() { return agent_zero_.coordinator(); }
  FakeCoordinator& one() { return agent_one_.coordinator(); }

  // The address that rank 0's agent tells, for the other rank.
  rpc::GangAddress address(std::size_t times = 1) {
    const auto told = zero().wait_for<rpc::GangListening>(times).back();
    return {.attempt = told.attempt, .host = told.host, .port = told.port};
  }

  // Both ranks of `job` run and have met.
  void start(const rpc::Assignment& job) {
    zero().assign({rank(job, 0)});
    one().assign({rank(job, 1)});
    one().send(address());
    for (FakeCoordinator* coordinator : {&zero(), &one()})
      coordinator->wait_for<rpc::Log>(1);  // that they are together
  }

  RunningAgent agent_zero_, agent_one_;
};

class PatientGang : public Gang {
 protected:
  PatientGang() : Gang([](AgentOptions& options, FakeCoordinator&) { options.gang_grace = std::chrono::minutes(1); }) {}
};

TEST_F(Gang, RankZeroTellsWhereItIsAndBothEndWithOneResult) {
  const auto job = noop(7, "ok");
  zero().assign({rank(job, 0)});
  one().assign({rank(job, 1)});
  const auto at = address();
  EXPECT_EQ(at.attempt.key, job.attempt.key);
  EXPECT_EQ(at.host, "127.0.0.1") << "a coordinator on the loopback needs nothing else";
  EXPECT_GT(at.port, 0);
  one().send(at);
  const auto done = zero().wait_finished(job.attempt), followed = one().wait_finished(job.attempt);
  EXPECT_EQ(done.outcome, rpc::Outcome::kSucceeded);
  EXPECT_EQ(done.result->metrics.at("index"), 7);
  EXPECT_EQ(followed.outcome, rpc::Outcome::kSucceeded);
  EXPECT_TRUE(followed.result->metrics.empty());
}

TEST_F(Gang, AnAddressThatComesBeforeTheAttemptRunsIsKept) {
  const auto job = noop(7, "ok"), busy = noop(8, "hang");
  zero().assign({rank(job, 0)});
  one().assign({busy, rank(job, 1)});
  one().wait_for<rpc::AttemptStarted>(1);
  one().send(address());
  one().cancel(busy.attempt);
  EXPECT_EQ(one().wait_finished(job.attempt).outcome, rpc::Outcome::kSucceeded);
  EXPECT_EQ(zero().wait_finished(job.attempt).outcome, rpc::Outcome::kSucceeded);
}

TEST_F(Gang, RankZeroTellsAgainAfterAReconnect) {
  const auto job = noop(7, "ok");
  zero().assign({rank(job, 0)});
  const auto before = address();
  zero().disconnect();
  const auto after = address(2);
  EXPECT_EQ(after.port, before.port);
  one().assign({rank(job, 1)});
  one().send(after);
  one().send(after);  // as it may after a reconnect
  EXPECT_EQ(one().wait_finished(job.attempt).outcome, rpc::Outcome::kSucceeded);
}

TEST_F(Gang, WhenARunnerIsKilledTheOtherRankEndsAndItsRunnerStaysWarm) {
  const auto pids = agent_zero_.runner_pids();
  const auto job = noop(7, "hang");
  start(job);
  ::kill(agent_one_.runner_pids().front(), SIGKILL);
  EXPECT_EQ(one().wait_finished(job.attempt).error->code, "runner_crashed");
  const auto end = zero().wait_finished(job.attempt);
  ASSERT_TRUE(end.error.has_value());
  EXPECT_EQ(end.error->code, kRankGone);
  EXPECT_TRUE(end.error->retryable);
  EXPECT_EQ(agent_zero_.runner_pids(), pids);
  const auto next = noop(8, "ok");
  zero().assign({next});
  EXPECT_EQ(zero().wait_finished(next.attempt).outcome, rpc::Outcome::kSucceeded);
}

TEST_F(Gang, WhenRankZeroIsKilledTheOthersEnd) {
  const auto job = noop(7, "hang");
  start(job);
  ::kill(agent_zero_.runner_pids().front(), SIGKILL);
  EXPECT_EQ(one().wait_finished(job.attempt).error->code, kRankGone);
}

// The cause is told by the worker where it is: a cancel that follows from it comes before this one's own word.
TEST_F(PatientGang, ARankThatIsCancelledBecauseAnotherDiedSaysThatItIsCancelled) {
  const auto job = noop(7, "hang");
  start(job);
  ::kill(agent_one_.runner_pids().front(), SIGKILL);
  one().wait_finished(job.attempt);
  zero().cancel(job.attempt);
  EXPECT_EQ(zero().wait_finished(job.attempt).outcome, rpc::Outcome::kCancelled);
}

TEST_F(Gang, AWholeWorkerThatStopsGivesItsRankBack) {
  const auto job = noop(7, "hang");
  start(job);
  agent_one_.stop();
  EXPECT_EQ(one().wait_finished(job.attempt).error->code, "preempted");
  EXPECT_EQ(zero().wait_finished(job.attempt).error->code, kRankGone);
}

TEST_F(Gang, ARankThatWaitsForTheOthersCanBeCancelled) {
  const auto pids = agent_zero_.runner_pids();
  const auto job = noop(7, "ok");
  zero().assign({rank(job, 0)});
  one().assign({rank(job, 1)});
  address();
  one().wait_for<rpc::AttemptStarted>(1);
  zero().cancel(job.attempt);
  one().cancel(job.attempt);
  EXPECT_EQ(zero().wait_finished(job.attempt).outcome, rpc::Outcome::kCancelled);
  EXPECT_EQ(one().wait_finished(job.attempt).outcome, rpc::Outcome::kCancelled);
  EXPECT_EQ(agent_zero_.runner_pids(), pids) << "waiting for others is no reason to be killed";
}

TEST_F(Gang, RankZeroListensWhereItIsToldTo) {
  RunningAgent agent([](AgentOptions& options, FakeCoordinator&) { options.gang_host = "127.0.0.2"; });
  agent.coordinator().wait_for<rpc::Hello>(1);
  agent.coordinator().assign({rank(noop(7, "ok"), 0)});
  EXPECT_EQ(agent.coordinator().wait_for<rpc::GangListening>(1).front().host, "127.0.0.2");
}

}  // namespace
}  // namespace checkerlab::worker
