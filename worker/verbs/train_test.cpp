// `model train` from a recipe: results, continuing after any end, and what it refuses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <torch/types.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "libmodel/data/testing/image_tree.hpp"
#include "libmodel/data/token_cache.hpp"
#include "libmodel/transformer/model.hpp"
#include "worker/verbs/testing/recipe_bench.hpp"

namespace checkerlab::worker {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::RecipeBench;

TEST(TrainVerb, TrainsAndReports) {
  const RecipeBench bench;
  const auto ran = bench.train("run");
  ASSERT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out, AllOf(HasSubstr("24 steps"), HasSubstr("4.80 epochs")));
  EXPECT_EQ(bench.losses("run").size(), 24U);
  const auto trained = model::load_model(bench.path("run") / "model.safetensors", torch::kCPU);
  EXPECT_EQ(trained.config.sizes, (std::vector<int>{1, 2, 4}));
  EXPECT_NO_THROW(model::load_average(bench.path("run") / "model.safetensors", torch::kCPU));
  const auto report = nlohmann::json::parse(SystemFiles().read(bench.path("run") / "report.json"));
  EXPECT_EQ(report.at("steps"), 24);
  EXPECT_EQ(report.at("parameters"), trained.parameter_count());
}

TEST(TrainVerb, StreamsMetricsAsJsonLines) {
  const RecipeBench bench;
  const auto ran = bench.train("run", {"--json"});
  ASSERT_EQ(ran.code, 0) << ran.err;
  std::istringstream lines(ran.out);
  std::vector<nlohmann::json> all;
  for (std::string line; std::getline(lines, line);)
    all.push_back(nlohmann::json::parse(line));
  ASSERT_EQ(all.size(), 25U);
  for (const char* name : {"step", "loss", "loss_4x4", "learning_rate", "gradient_norm"})
    EXPECT_TRUE(all.front().contains(name)) << name;
  EXPECT_EQ(all.back().at("finished").at("steps"), 24);
}

TEST(TrainVerb, ALongerRunContinuesTheFinishedOne) {
  const RecipeBench bench;
  ASSERT_EQ(bench.train("long", {"--set", "model.train.steps=28"}).code, 0);
  ASSERT_EQ(bench.train("run").code, 0);
  const auto more = bench.train("run", {"--set", "model.train.steps=28"});
  ASSERT_EQ(more.code, 0) << more.err;
  EXPECT_THAT(more.err, HasSubstr("continues from"));
  EXPECT_EQ(bench.losses("run"), bench.losses("long"));
}

// kill -9 at three moments in a row, each time in the middle; then to the end.
TEST(TrainVerb, KilledAnywhereItContinuesExactly) {
  const RecipeBench bench;
  ASSERT_EQ(bench.train("whole").code, 0);
  for (const std::int64_t moment : {2, 5, 8}) {
    ChildProcess child = bench.start("killed");
    while (!bench.losses("killed").contains(moment)) {
      ASSERT_FALSE(child.wait(5ms)) << SystemFiles().read(bench.path("log"));
    }
    child.signal_group(SIGKILL);
    ASSERT_TRUE(child.wait(10s));
  }
  const auto rest = bench.train("killed");
  ASSERT_EQ(rest.code, 0) << rest.err;
  EXPECT_THAT(rest.err, HasSubstr("continues from"));
  EXPECT_EQ(bench.losses("killed"), bench.losses("whole"));
  const auto whole = model::load_model(bench.path("whole") / "model.safetensors", torch::kCPU);
  const auto killed = model::load_model(bench.path("killed") / "model.safetensors", torch::kCPU);
  EXPECT_TRUE(torch::equal(whole.weights.head_weight, killed.weights.head_weight));
}

TEST(TrainVerb, CtrlCTakesACheckpointAndTheSameCommandContinues) {
  const RecipeBench bench;
  ASSERT_EQ(bench.train("whole").code, 0);
  ChildProcess child = bench.start("stopped");
  while (!bench.losses("stopped").contains(3)) {
    ASSERT_FALSE(child.wait(5ms)) << SystemFiles().read(bench.path("log"));
  }
  ::kill(child.pid(), SIGINT);
  const auto status = child.wait(10s);
  ASSERT_TRUE(status);
  EXPECT_EQ(status->code, 130) << SystemFiles().read(bench.path("log"));
  ASSERT_EQ(bench.train("stopped", {"--resume"}).code, 0);
  EXPECT_EQ(bench.losses("stopped"), bench.losses("whole"));
}

TEST(TrainVerb, OtherSettingsAreRefusedUnlessAskedFor) {
  const RecipeBench bench;
  ASSERT_EQ(bench.train("run").code, 0);
  const std::vector<std::string> changed{"--set", "model.train.lr=1e-4", "--set", "model.train.steps=26"};
  const auto refused = bench.train("run", changed);
  EXPECT_NE(refused.code, 0);
  EXPECT_THAT(refused.err, HasSubstr("learning_rate differ"));
  auto accepted = changed;
  accepted.emplace_back("--accept-changes");
  const auto ran = bench.train("run", accepted);
  EXPECT_EQ(ran.code, 0) << ran.err;
  auto anew = changed;
  anew.emplace_back("--restart");
  EXPECT_EQ(bench.train("run", anew).code, 0);
  EXPECT_EQ(bench.losses("run").size(), 26U);
}

TEST(TrainVerb, AFolderOfAnotherRunOrInUseIsRefused) {
  const RecipeBench bench;
  EXPECT_THAT(bench.train("run", {"--resume"}).err, HasSubstr("no checkpoint"));
  ASSERT_EQ(bench.train("run").code, 0);
  std::filesystem::copy(bench.path("tokens"), bench.path("others"));
  EXPECT_THAT(bench.train("run", {"--set", "data.path=" + bench.path("others").string()}).err,
              HasSubstr("run of another recipe: data"));
}

TEST(TrainVerb, WhatCannotBeIsNamed) {
  const RecipeBench bench;
  const auto error = [&](const std::string& change) {
    const auto ran = bench.train("bad", {"--set", change});
    EXPECT_NE(ran.code, 0) << change;
    return ran.err;
  };
  EXPECT_THAT(error("model.train.batsh=3"), HasSubstr("did you mean 'batch'?"));
  EXPECT_THAT(error("model.train.batch=0"), HasSubstr("at least 1"));
  EXPECT_THAT(error("ratio=0.5"), HasSubstr("not a scale ratio"));
  EXPECT_THAT(error("data.classes=3"), HasSubstr("labels of 4 classes, the recipe says 3"));
  EXPECT_THAT(error("run.micro_batch=3"), HasSubstr("does not divide the batch of 8"));
  EXPECT_THAT(error("tokenizer=/nowhere/tokenizer"), HasSubstr("/nowhere/tokenizer"));
  EXPECT_THAT(error("start={from: /nowhere/model}"), HasSubstr("/nowhere/model"));
  EXPECT_THAT(error("data={kind: tokens, path: /nowhere/tokens}"), HasSubstr("/nowhere/tokens"));
  EXPECT_THAT(error("data={kind: tokens, path: " + bench.path("tokens").string() + "}"),
              HasSubstr("does not say how many classes"));
  const auto file = bench.path("tokens") / "tokens_002.safetensors";
  auto cache = model::read_token_cache(file);
  cache.tokens[7][0][1] = 40;
  model::write_token_cache(file, cache);
  EXPECT_THAT(error("seed=5"), HasSubstr("codes outside the codebook of 32"));
  std::filesystem::remove(file);
  EXPECT_THAT(error("seed=5"), HasSubstr("none of side 2"));
}

TEST(TrainVerb, StartsFromTheWeightsOfAnotherRun) {
  const RecipeBench bench;
  ASSERT_EQ(bench.train("first").code, 0);
  const auto from = (bench.path("first") / "model.safetensors").string();
  const auto quad = bench.train("quad", {"--set", "ratio=4", "--set", "start={from: " + from + ", ema: true}"});
  ASSERT_EQ(quad.code, 0) << quad.err;
  EXPECT_THAT(quad.err, AllOf(HasSubstr("embed_positions.weight"), HasSubstr("keeps its fresh values")));
  const auto wider = bench.train("wider", {"--set", "model.hidden=96", "--set", "start={from: " + from + "}"});
  EXPECT_NE(wider.code, 0);
  EXPECT_THAT(wider.err, HasSubstr("feed_forward.w1.weight is [64, 32], not [96, 32]"));
}

TEST(TrainVerb, TokenisesImagesOnceAndTrainsOnThem) {
  const RecipeBench bench;
  for (int i = 0; i < 12; ++i)
    model::put_file(bench.path("images") / (i % 2 == 0 ? "disc" : "square") / (std::to_string(i) + ".png"),
                    model::shape_png(i, 16));
  const std::string data =
      "data={kind: images, path: " + bench.path("images").string() + ", size: 8, crops: flip, max_corrupt: 0}";
  const auto first = bench.train("run", {"--set", data, "--set", "model.train.steps=3"});
  ASSERT_EQ(first.code, 0) << first.err;
  EXPECT_THAT(first.err, AllOf(HasSubstr("tokenises"), HasSubstr("12 images × 2 crops")));
  EXPECT_EQ(model::load_model(bench.path("run") / "model.safetensors", torch::kCPU).config.classes, 2);
  const auto more = bench.train("run", {"--set", data, "--set", "model.train.steps=5"});
  ASSERT_EQ(more.code, 0) << more.err;
  EXPECT_THAT(more.err, ::testing::Not(HasSubstr("tokenises")));
  EXPECT_EQ(bench.losses("run").size(), 5U);
}

// The golden run was released after epoch 105 (from 0): 40 images in batches of 8 make 530 steps of that.
TEST(TrainVerb, ContinuesAReleasedRunWithItsOptimiser) {
  const RecipeBench bench;
  bench.write_tokens("released", {8}, 128);
  const std::string checkpoint = CHECKERLAB_TEST_DATA "/golden_model/single/checkpoint.pth";
  const std::string data = "data={kind: tokens, path: " + bench.path("released").string() + ", classes: 10}";
  std::vector<std::string> released;
  for (const std::string& change :
       {"tokenizer=" + checkpoint, data, std::string("ratio=single"),
        "start={from: " + checkpoint + ", optimizer: true}",
        std::string(
            "model={layers: 2, width: 32, heads: 4, hidden: 256, mixing_layers: 2, train: {epochs: 107, batch: 8, "
            "lr: 1e-3, warmup_steps: 0, drops: [], weight_decay: 0.01, label_dropout: 0.1, "
            "source_replacement: 0.1, precision: fp32}}")}) {
    released.insert(released.end(), {"--set", change});
  }
  const auto ran = bench.train("run", released);
  ASSERT_EQ(ran.code, 0) << ran.err;
  const auto losses = bench.losses("run");
  ASSERT_EQ(losses.size(), 5U);
  EXPECT_EQ(losses.begin()->first, 530);
  auto unknown = released;
  unknown.insert(unknown.end(), {"--set", "model.width=64"});
  EXPECT_THAT(bench.train("other", unknown).err, HasSubstr("does not fit"));
}

}  // namespace
}  // namespace checkerlab::worker
