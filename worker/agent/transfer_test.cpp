// Inputs, outputs and checkpoints of attempts.
#include <gmock/gmock.h>
#include <signal.h>

#include "base/canonical_json.hpp"
#include "base/sha256.hpp"
#include "worker/agent/testing/running_agent.hpp"

namespace checkerlab::worker {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::noop;
using testing::only;
using testing::RunningAgent;

// A job that copies one input of that content.
rpc::Assignment copy(const std::string& sha256, std::uint64_t bytes, int attempt = 1) {
  rpc::Assignment job;
  job.spec = {{"kind", "copy"}, {"recipe", 1}, {"inputs", {{"source", sha256}}}, {"params", rpc::Json::object()}};
  job.hints = rpc::Json::object();
  job.attempt = {JobKey(content_key(job.spec)), AttemptNumber(attempt)};
  job.inputs["source"] = {JobKey(sha256), {{"data", {sha256, bytes}}}, {}};
  return job;
}

TEST(Transfer, FetchesInputsAndSendsOutputs) {
  RunningAgent agent;
  auto& coordinator = agent.coordinator();
  coordinator.wait_for<rpc::Hello>(1);
  const auto sha256 = coordinator.store("some bytes");
  const auto job = copy(sha256, 10);
  coordinator.assign({job});
  const auto finished = coordinator.wait_finished(job.attempt);
  ASSERT_TRUE(finished.result.has_value());
  ASSERT_EQ(finished.result->artifacts.size(), 1U);
  EXPECT_EQ(finished.result->artifacts.front().name, "source.data");
  EXPECT_EQ(finished.result->artifacts.front().sha256, sha256_hex("some bytes"));
  EXPECT_EQ(finished.result->artifacts.front().bytes, 10U);
  const auto ready = coordinator.wait_for<rpc::AttemptStarted>(1).front().ready_seconds;
  ASSERT_TRUE(ready.has_value());  // there was an input to fetch
  EXPECT_GE(*ready, 0);
}

TEST(Transfer, FetchesAnArtifactOnce) {
  RunningAgent agent;
  auto& coordinator = agent.coordinator();
  coordinator.wait_for<rpc::Hello>(1);
  const auto sha256 = coordinator.store("shared");
  coordinator.assign({copy(sha256, 6, 1)});
  coordinator.wait_for<rpc::AttemptFinished>(1);
  coordinator.assign({copy(sha256, 6, 2)});
  coordinator.wait_for<rpc::AttemptFinished>(2);
  EXPECT_EQ(coordinator.downloads(), 1);
}

TEST(Transfer, RefusesADamagedInput) {
  RunningAgent agent;
  auto& coordinator = agent.coordinator();
  coordinator.wait_for<rpc::Hello>(1);
  const auto sha256 = coordinator.store("precious");
  coordinator.corrupt(sha256);
  const auto job = copy(sha256, 8);
  coordinator.assign({job});
  const auto finished = coordinator.wait_finished(job.attempt);
  ASSERT_TRUE(finished.error.has_value());
  EXPECT_EQ(finished.error->code, "invalid_data");
  EXPECT_THAT(finished.error->message, HasSubstr(sha256));
  EXPECT_TRUE(finished.error->retryable);
}

TEST(Transfer, NamesAMissingInput) {
  RunningAgent agent;
  auto& coordinator = agent.coordinator();
  coordinator.wait_for<rpc::Hello>(1);
  const auto job = copy(sha256_hex("nowhere"), 7);
  coordinator.assign({job});
  const auto finished = coordinator.wait_finished(job.attempt);
  ASSERT_TRUE(finished.error.has_value());
  EXPECT_EQ(finished.error->code, "not_found");
}

std::vector<std::string> log_of(testing::FakeCoordinator& coordinator) {
  std::vector<std::string> texts;
  for (const auto& log : only<rpc::Log>(coordinator.wait_until([](const auto&) { return true; }))) {
    for (const auto& line : log.lines)
      texts.push_back(line.text);
  }
  return texts;
}

TEST(Transfer, SendsCheckpointsAndHandsThemBack) {
  RunningAgent agent;
  auto& coordinator = agent.coordinator();
  coordinator.wait_for<rpc::Hello>(1);
  const auto first = noop(2, "steps", 1, 1'000'000'000);
  coordinator.assign({first});
  coordinator.wait_for<rpc::Checkpoint>(1);
  ::kill(agent.runner_pids().front(), SIGKILL);
  EXPECT_EQ(coordinator.wait_finished(first.attempt).error->code, "runner_crashed");
  const auto checkpoint = coordinator.wait_for<rpc::Checkpoint>(1).back();
  EXPECT_EQ(coordinator.stored(checkpoint.artifact.sha256), std::to_string(checkpoint.step));

  coordinator.forget();
  auto second = noop(2, "steps", 2, static_cast<int>(checkpoint.step) + 3);
  second.checkpoint = rpc::CheckpointRef{checkpoint.artifact.sha256, checkpoint.artifact.bytes, checkpoint.step};
  coordinator.assign({second});
  EXPECT_EQ(coordinator.wait_finished(second.attempt).outcome, rpc::Outcome::kSucceeded);
  EXPECT_THAT(log_of(coordinator), ElementsAre("start at step " + std::to_string(checkpoint.step)));
}

TEST(Transfer, StartsFromTheBeginningWhenTheCheckpointIsGone) {
  RunningAgent agent;
  auto& coordinator = agent.coordinator();
  coordinator.wait_for<rpc::Hello>(1);
  auto job = noop(2, "steps", 2, 4);
  job.checkpoint = rpc::CheckpointRef{sha256_hex("gone"), 4, 3};
  coordinator.assign({job});
  EXPECT_EQ(coordinator.wait_finished(job.attempt).outcome, rpc::Outcome::kSucceeded);
  EXPECT_THAT(log_of(coordinator), ElementsAre(HasSubstr("checkpoint cannot be used"), "start at step 0"));
}

TEST(Transfer, KeepsTryingToSendOutputs) {
  RunningAgent agent;
  auto& coordinator = agent.coordinator();
  coordinator.wait_for<rpc::Hello>(1);
  coordinator.set_uploads_failing(true);
  const auto job = copy(coordinator.store("patience"), 8);
  coordinator.assign({job});
  coordinator.wait_for<rpc::AttemptStarted>(1);
  coordinator.set_uploads_failing(false);
  EXPECT_EQ(coordinator.wait_finished(job.attempt).outcome, rpc::Outcome::kSucceeded);
}

}  // namespace
}  // namespace checkerlab::worker
