// `model train --ranks`: real processes that train together, and one that dies.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <torch/types.h>

#include <chrono>
#include <fstream>
#include <iterator>

#include "libmodel/distributed/rank_group.hpp"
#include "libmodel/transformer/model.hpp"
#include "worker/verbs/testing/recipe_bench.hpp"

namespace checkerlab::worker {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using testing::RecipeBench;

// Long enough to be killed in the middle.
const std::vector<std::string> kTwoRanks{"--ranks", "2", "--set", "model.train.steps=30"};

// The processes that `parent` started.
std::vector<pid_t> children_of(pid_t parent) {
  const auto id = std::to_string(parent);
  std::ifstream stream("/proc/" + id + "/task/" + id + "/children");
  return {std::istream_iterator<pid_t>(stream), std::istream_iterator<pid_t>()};
}

std::string rank_of(pid_t process) {
  std::ifstream stream("/proc/" + std::to_string(process) + "/environ", std::ios::binary);
  for (std::string entry; std::getline(stream, entry, '\0');)
    if (entry.starts_with("CHECKERLAB_RANK=")) return entry.substr(16);
  return "";
}

pid_t process_of_rank(pid_t parent, const std::string& rank) {
  for (const pid_t child : children_of(parent))
    if (rank_of(child) == rank) return child;
  return -1;
}

TEST(TrainRanks, TwoProcessesTrainAsOneDoesOnTheSamePieces) {
  const RecipeBench bench;
  const auto one = bench.train("one", {"--set", "run.micro_batch=4", "--set", "model.train.steps=30"});
  ASSERT_EQ(one.code, 0) << one.err;
  ChildProcess two = bench.start("two", kTwoRanks);
  const auto status = two.wait(120s);
  ASSERT_TRUE(status && status->ok()) << bench.log();
  EXPECT_EQ(bench.losses("two"), bench.losses("one"));
  const auto a = model::load_model(bench.path("one") / "model.safetensors", torch::kCPU);
  const auto b = model::load_model(bench.path("two") / "model.safetensors", torch::kCPU);
  EXPECT_TRUE(torch::equal(a.weights.head_weight, b.weights.head_weight));
  EXPECT_TRUE(torch::equal(a.weights.layers[0].wqkv, b.weights.layers[0].wqkv));
}

// Kills rank `victim` in the middle: the command ends by itself and names it, no process is left, and the same command
// goes on to the results of a training that was never disturbed.
void kill_a_rank(const std::string& victim) {
  const RecipeBench bench;
  ASSERT_TRUE(bench.start("whole", kTwoRanks).wait(120s)) << bench.log();
  ChildProcess command = bench.start("killed", kTwoRanks);
  while (!bench.losses("killed").contains(4))
    ASSERT_FALSE(command.wait(5ms)) << bench.log();
  const auto ranks = children_of(command.pid());
  ASSERT_EQ(ranks.size(), 2U);
  const pid_t process = process_of_rank(command.pid(), victim);
  ASSERT_GT(process, 0);
  ASSERT_EQ(::kill(process, SIGKILL), 0);
  const auto status = command.wait(model::kRankGrace + 5s);
  ASSERT_TRUE(status) << "the command still runs";
  EXPECT_NE(status->code, 0);
  EXPECT_THAT(bench.log(), HasSubstr("rank " + victim + " of 2 ended with signal 9 (SIGKILL)"));
  for (const pid_t rank : ranks)
    EXPECT_NE(::kill(rank, 0), 0) << "process " << rank << " is left";

  ChildProcess again = bench.start("killed", kTwoRanks);
  const auto finished = again.wait(120s);
  ASSERT_TRUE(finished && finished->ok()) << bench.log();
  EXPECT_THAT(bench.log(), HasSubstr("continues from"));
  EXPECT_EQ(bench.losses("killed"), bench.losses("whole"));
}

TEST(TrainRanks, WhenRankOneIsKilledAllStopAndTheSameCommandContinues) {
  kill_a_rank("1");
}

TEST(TrainRanks, WhenRankZeroIsKilledAllStopAndTheSameCommandContinues) {
  kill_a_rank("0");
}

TEST(TrainRanks, CtrlCStopsAllRanksWithACheckpoint) {
  const RecipeBench bench;
  ASSERT_TRUE(bench.start("whole", kTwoRanks).wait(120s)) << bench.log();
  ChildProcess command = bench.start("stopped", kTwoRanks);
  while (!bench.losses("stopped").contains(3))
    ASSERT_FALSE(command.wait(5ms)) << bench.log();
  ::kill(command.pid(), SIGINT);
  const auto status = command.wait(15s);
  ASSERT_TRUE(status);
  EXPECT_EQ(status->code, 130) << bench.log();
  ChildProcess again = bench.start("stopped", {"--ranks", "2", "--set", "model.train.steps=30", "--resume"});
  const auto finished = again.wait(120s);
  ASSERT_TRUE(finished && finished->ok()) << bench.log();
  EXPECT_EQ(bench.losses("stopped"), bench.losses("whole"));
}

TEST(TrainRanks, ABadRecipeIsOneErrorNotOneARank) {
  const RecipeBench bench;
  ChildProcess command = bench.start("bad", {"--ranks", "3"});
  const auto status = command.wait(60s);
  ASSERT_TRUE(status);
  EXPECT_EQ(status->code, 1);
  const auto log = bench.log();
  EXPECT_THAT(log, HasSubstr("3 ranks"));
  EXPECT_EQ(log.find("error:"), log.rfind("error:")) << log;
}

}  // namespace
}  // namespace checkerlab::worker
