// A training over two agents with real runner processes, one of which is killed in the middle. The test passes on what
// the coordinator would.
#include <gmock/gmock.h>
#include <signal.h>

#include <chrono>

#include "base/canonical_json.hpp"
#include "base/files.hpp"
#include "worker/agent/testing/running_agent.hpp"
#include "worker/jobs/testing/tiny_study.hpp"

namespace checkerlab::worker {
namespace {

using testing::FakeCoordinator;
using testing::RunningAgent;
using testing::TinyStudy;

// Long enough to be killed in the middle.
constexpr int kSteps = 150;

void use_the_real_runner(AgentOptions& options, FakeCoordinator&) {
  options.runner_command = {CHECKERLAB_BIN_DIR "/checkerlab-worker", "runner", "1"};
  options.kinds = {"train_model"};
}

class GangTraining : public ::testing::Test {
 protected:
  GangTraining() : zero_(use_the_real_runner), one_(use_the_real_runner) {
    for (FakeCoordinator* coordinator : {&zero(), &one()})
      coordinator->wait_for<rpc::Hello>(1);
  }

  FakeCoordinator& zero() { return zero_.coordinator(); }
  FakeCoordinator& one() { return one_.coordinator(); }
  // Has it in both stores.
  std::string store(const std::string& bytes) {
    one().store(bytes);
    return zero().store(bytes);
  }

  // The same pieces of a batch for one worker and for two; a checkpoint after every step.
  rpc::Assignment training(int attempt) {
    rpc::Assignment job;
    job.spec = {{"kind", "train_model"}, {"recipe", 1}, {"inputs", Json::object()}};
    job.spec["params"] = testing::model_params(kSteps);
    job.hints = {{"micro_batch", 32}, {"checkpoint_seconds", 0}};
    const auto& study = TinyStudy::instance();
    for (const auto& [role, made] : study.tokens)
      add(job, role, made);
    add(job, "tokenizer", study.tokenizer);
    job.attempt = {JobKey(content_key(job.spec)), AttemptNumber(attempt)};
    return job;
  }

  void add(rpc::Assignment& job, const std::string& role, const testing::Made& made) {
    rpc::JobInput input;
    for (const auto& [name, file] : made.files) {
      const auto bytes = SystemFiles().read(file.path);
      input.artifacts[name] = {.sha256 = store(bytes), .bytes = bytes.size()};
      input.key = JobKey(file.sha256);
    }
    job.spec["inputs"][role] = input.key.str();
    job.inputs[role] = input;
  }

  void start_both(const rpc::Assignment& job) {
    for (int rank = 0; rank < 2; ++rank) {
      auto part = job;
      part.gang = rpc::GangSeat{.rank = rank, .size = 2, .secret = "s3cret"};
      (rank == 0 ? zero() : one()).assign({part});
    }
    const auto at = zero().wait_for<rpc::GangListening>(1).back();
    one().send(rpc::GangAddress{.attempt = at.attempt, .host = at.host, .port = at.port});
  }

  static std::string model_of(const rpc::AttemptFinished& finished) {
    if (!finished.result || finished.result->artifacts.empty())
      return finished.error ? finished.error->message : "none";
    return finished.result->artifacts.front().sha256;
  }

  // Its model when nobody disturbs it.
  std::string undisturbed() {
    static const std::string model = [&] {
      RunningAgent alone(use_the_real_runner);
      alone.coordinator().wait_for<rpc::Hello>(1);
      const auto job = training(1);
      for (const auto& [role, input] : job.inputs)
        for (const auto& [name, blob] : input.artifacts)
          alone.coordinator().store(*zero().stored(blob.sha256));
      alone.coordinator().assign({job});
      return model_of(alone.coordinator().wait_finished(job.attempt));
    }();
    return model;
  }

  // Kills the runner of one rank in the middle: both attempts end, the other one within a second, and what is left goes
  // on from the checkpoint to the undisturbed model.
  void kill_in_the_middle(int victim) {
    const auto job = training(1);
    start_both(job);
    zero().wait_for<rpc::Checkpoint>(3);
    auto& other = victim == 0 ? one() : zero();
    const int survivor = (victim == 0 ? one_ : zero_).runner_pids().front();
    const auto killed = std::chrono::steady_clock::now();
    ::kill((victim == 0 ? zero_ : one_).runner_pids().front(), SIGKILL);
    const auto end = other.wait_finished(job.attempt);
    EXPECT_LT(std::chrono::steady_clock::now() - killed, std::chrono::seconds(3));
    ASSERT_TRUE(end.error.has_value());
    EXPECT_EQ(end.error->code, kRankGone);
    EXPECT_TRUE(end.error->retryable);
    EXPECT_EQ((victim == 0 ? zero() : one()).wait_finished(job.attempt).error->code, "runner_crashed");
    EXPECT_EQ((victim == 0 ? one_ : zero_).runner_pids().front(), survivor) << "it stays warm";

    const auto checkpoint = zero().wait_for<rpc::Checkpoint>(3).back();
    one().store(*zero().stored(checkpoint.artifact.sha256));
    auto rest = training(2);
    rest.checkpoint = rpc::CheckpointRef{checkpoint.artifact.sha256, checkpoint.artifact.bytes, checkpoint.step};
    other.assign({rest});
    EXPECT_EQ(model_of(other.wait_finished(rest.attempt)), undisturbed());
  }

  RunningAgent zero_, one_;
};

TEST_F(GangTraining, TwoWorkersMakeTheModelOfOne) {
  const auto job = training(1);
  start_both(job);
  EXPECT_EQ(model_of(zero().wait_finished(job.attempt)), undisturbed());
  const auto other = one().wait_finished(job.attempt);
  ASSERT_EQ(other.outcome, rpc::Outcome::kSucceeded);
  EXPECT_TRUE(other.result->artifacts.empty());
}

TEST_F(GangTraining, WhenRankOneIsKilledTheRestGoesOnFromTheCheckpoint) {
  kill_in_the_middle(1);
}

TEST_F(GangTraining, WhenRankZeroIsKilledTheRestGoesOnFromTheCheckpoint) {
  kill_in_the_middle(0);
}

}  // namespace
}  // namespace checkerlab::worker
