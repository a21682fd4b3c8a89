// What happens to attempts while the connection is lost.
#include <gmock/gmock.h>

#include <algorithm>

#include "worker/agent/testing/running_agent.hpp"

namespace checkerlab::worker {
namespace {

using testing::noop;
using testing::only;
using testing::RunningAgent;

std::size_t times_finished(const std::vector<rpc::WorkerMessage>& said, const rpc::AttemptRef& attempt) {
  const auto finished = only<rpc::AttemptFinished>(said);
  return static_cast<std::size_t>(
      std::count_if(finished.begin(), finished.end(), [&](const auto& one) { return one.attempt.key == attempt.key; }));
}

TEST(Reconnect, SendsAResultAgainUntilItIsAcknowledged) {
  RunningAgent agent;
  auto& coordinator = agent.coordinator();
  coordinator.wait_for<rpc::Hello>(1);
  coordinator.set_acknowledging(false);
  const auto job = noop(3, "ok");
  coordinator.assign({job});
  coordinator.wait_finished(job.attempt);

  coordinator.disconnect();
  const auto hello = coordinator.wait_for<rpc::Hello>(2).back();
  ASSERT_EQ(hello.held.size(), 1U);
  EXPECT_EQ(hello.held.front().key, job.attempt.key);
  coordinator.wait_until([&](const auto& said) { return times_finished(said, job.attempt) == 2; });

  coordinator.acknowledge(job.attempt);
  coordinator.disconnect();
  EXPECT_TRUE(coordinator.wait_for<rpc::Hello>(3).back().held.empty());
}

TEST(Reconnect, DropsAResultThatIsRefusedAsStale) {
  RunningAgent agent;
  auto& coordinator = agent.coordinator();
  coordinator.wait_for<rpc::Hello>(1);
  coordinator.set_acknowledging(false);
  const auto job = noop(3, "ok");
  coordinator.assign({job});
  coordinator.wait_finished(job.attempt);
  coordinator.acknowledge(job.attempt, false);
  coordinator.disconnect();
  EXPECT_TRUE(coordinator.wait_for<rpc::Hello>(2).back().held.empty());
}

TEST(Reconnect, GoesOnWithARunningAttempt) {
  RunningAgent agent;
  auto& coordinator = agent.coordinator();
  coordinator.wait_for<rpc::Hello>(1);
  const auto pids = agent.runner_pids();
  const auto job = noop(4, "hang");
  coordinator.assign({job});
  coordinator.wait_for<rpc::AttemptStarted>(1);
  coordinator.disconnect();
  EXPECT_EQ(coordinator.wait_for<rpc::Hello>(2).back().held.size(), 1U);
  coordinator.wait_for<rpc::AttemptStarted>(2);  // told again, in case the first one was lost
  EXPECT_EQ(agent.runner_pids(), pids);
}

TEST(Reconnect, StopsARunningAttemptThatTheCoordinatorGaveUp) {
  RunningAgent agent;
  auto& coordinator = agent.coordinator();
  coordinator.wait_for<rpc::Hello>(1);
  const auto job = noop(4, "hang");
  coordinator.assign({job});
  coordinator.wait_for<rpc::AttemptStarted>(1);
  coordinator.disconnect();
  coordinator.wait_for<rpc::Hello>(2);
  coordinator.cancel(job.attempt);
  EXPECT_EQ(coordinator.wait_finished(job.attempt).outcome, rpc::Outcome::kCancelled);
}

TEST(Reconnect, FinishesWithoutAConnectionAndTellsLater) {
  RunningAgent agent;
  auto& coordinator = agent.coordinator();
  coordinator.wait_for<rpc::Hello>(1);
  coordinator.set_accepting(false);
  const auto job = noop(5, "steps");
  coordinator.assign({job});
  coordinator.disconnect();
  coordinator.set_accepting(true);
  EXPECT_EQ(coordinator.wait_finished(job.attempt).outcome, rpc::Outcome::kSucceeded);
}

TEST(Reconnect, HeartbeatsNameWhatHasNotEndedAndHowDevicesAreUsed) {
  RunningAgent agent([](AgentOptions& options, testing::FakeCoordinator&) {
    options.device_load = [] { return std::vector<rpc::DeviceLoad>{{.index = 0, .busy = 0.25}}; };
  });
  auto& coordinator = agent.coordinator();
  coordinator.wait_for<rpc::Hello>(1);
  coordinator.set_acknowledging(false);
  const auto over = noop(7, "ok");
  const auto job = noop(6, "hang");
  coordinator.assign({over, job});
  coordinator.wait_finished(over.attempt);
  coordinator.wait_until([&](const auto& said) {
    const auto beats = only<rpc::Heartbeat>(said);
    return std::any_of(beats.begin(), beats.end(), [&](const auto& beat) {
      return beat.attempts.size() == 1 && beat.attempts.front().key == job.attempt.key && beat.devices.size() == 1 &&
             beat.devices.front().busy == 0.25;
    });
  });
  coordinator.cancel(job.attempt);
  EXPECT_EQ(coordinator.wait_finished(job.attempt).outcome, rpc::Outcome::kCancelled);
}

}  // namespace
}  // namespace checkerlab::worker
