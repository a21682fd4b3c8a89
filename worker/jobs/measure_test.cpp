// Latency, entropy and mixing weights of a tiny model, on the CPU.
#include <gmock/gmock.h>

#include <cmath>

#include "base/error.hpp"
#include "base/testing/error_of.hpp"
#include "libmodel/checkpoint/safetensors.hpp"
#include "libmodel/transformer/model.hpp"
#include "worker/jobs/testing/tiny_study.hpp"

namespace checkerlab::worker {
namespace {

using ::testing::HasSubstr;
using testing::TinyStudy;

Json sampling_params() {
  return {{"steps_per_scale", 4}, {"guidance", 0.5}, {"guidance_start_step", 2},
          {"temperature", 1},     {"seed", 0},       {"precision", "fp32"}};
}

Json entropy_params(int samples, int shown) {
  Json params = sampling_params();
  params.update({{"samples", samples}, {"shown", shown}});
  return params;
}

testing::Inputs inputs() {
  auto& study = TinyStudy::instance();
  return {{"tokenizer", study.tokenizer}, {"model", study.model}};
}

TEST(MeasureLatency, GivesMedianAndQuartilesWithTheDevice) {
  Json params = sampling_params();
  params.update({{"batch", 2}, {"warmup", 1}, {"repeats", 5}});
  const auto made = TinyStudy::instance().bench.run("measure_latency", params, inputs());
  EXPECT_GT(made.metric("lower_quartile"), 0);
  EXPECT_LE(made.metric("lower_quartile"), made.metric("median_seconds"));
  EXPECT_LE(made.metric("median_seconds"), made.metric("upper_quartile"));
  EXPECT_EQ(made.metric("total_steps"), 9);
  EXPECT_FALSE(made.identity.at("device").empty());
}

TEST(MeasureLatency, FewerRepeatsThanQuartilesNeedAreRefused) {
  Json params = sampling_params();
  params.update({{"batch", 1}, {"warmup", 0}, {"repeats", 4}});
  const Error error = error_of([&] { TinyStudy::instance().bench.run("measure_latency", params, inputs()); });
  EXPECT_THAT(error.what(), HasSubstr("params.repeats"));
}

TEST(MeasureEntropy, EveryStepHasItsQuartilesAndTokens) {
  testing::Extras small;
  small.hints["batch"] = 7;
  const auto made = TinyStudy::instance().bench.run("measure_entropy", entropy_params(20, 0), inputs(), small);
  double tokens = 0;
  for (int step = 0; step < 9; ++step) {
    const std::string name = "step.000" + std::to_string(step) + ".";
    EXPECT_LE(made.metric(name + "lower_quartile"), made.metric(name + "median"));
    EXPECT_LE(made.metric(name + "median"), made.metric(name + "upper_quartile"));
    EXPECT_LE(made.metric(name + "mean"), std::log(64) + 1e-6);
    EXPECT_EQ(made.metric(name + "side"), step == 0 ? 1 : step < 5 ? 2 : 4);
    tokens += made.metric(name + "tokens");
  }
  EXPECT_EQ(tokens, 1 + 4 + 16);
  EXPECT_FALSE(made.metrics.contains("step.0009.mean"));
  EXPECT_TRUE(made.files.empty());
  // The batch changes nothing.
  const auto whole = TinyStudy::instance().bench.run("measure_entropy", entropy_params(20, 0), inputs());
  EXPECT_NEAR(whole.metric("step.0008.median"), made.metric("step.0008.median"), 1e-4);
}

TEST(MeasureEntropy, ShownSamplesAreKeptOneByOne) {
  testing::Extras small;
  small.hints["batch"] = 2;
  const auto made = TinyStudy::instance().bench.run("measure_entropy", entropy_params(6, 3), inputs(), small);
  const auto file = model::read_safetensors(made.files.at("entropy").path);
  const at::Tensor& entropy = file.tensors.at("entropy_004");
  const at::Tensor& steps = file.tensors.at("steps_004");
  ASSERT_EQ(entropy.sizes(), (std::vector<std::int64_t>{3, 4, 4}));
  ASSERT_EQ(steps.sizes(), (std::vector<std::int64_t>{4, 4}));
  const double last = entropy[2].masked_select(steps.eq(8)).mean().item<double>();
  EXPECT_NEAR(made.metric("sample.0002.step.0008"), last, 1e-6);
  EXPECT_FALSE(made.metrics.contains("sample.0003.step.0000"));
  EXPECT_EQ(SystemFiles().read(made.files.at("maps").path).substr(1, 3), "PNG");
}

TEST(MeasureEntropy, MoreShownThanDrawnIsRefused) {
  const Error error =
      error_of([&] { TinyStudy::instance().bench.run("measure_entropy", entropy_params(2, 3), inputs()); });
  EXPECT_THAT(error.what(), HasSubstr("params.shown"));
}

TEST(MeasureMixing, GivesTheWeightOfEveryMixedLayerAndHead) {
  auto& study = TinyStudy::instance();
  const auto made = study.bench.run("measure_mixing", Json::object(), {{"model", study.model}});
  EXPECT_EQ(made.metric("mixing_layers"), 1);
  const auto model = model::load_model(study.model.files.at("model").path, c10::kCPU);
  EXPECT_NEAR(made.metric("layer.000.head.003"), model.weights.mixing[0][3].item<double>(), 1e-12);
  EXPECT_EQ(made.metrics.size(), 1U + 4U);
}

TEST(SampleGrid, DrawsTheClassesThatAreAskedFor) {
  auto& study = TinyStudy::instance();
  const auto grid = [&](const Json& classes) {
    Json params{{"steps_per_scale", 4}, {"guidance", 0.5}, {"guidance_start_step", 0}, {"per_class", 2}, {"seed", 0}};
    if (!classes.is_null()) params["classes"] = classes;
    return study.bench.run("sample_grid", params, inputs());
  };
  EXPECT_EQ(grid({3, 1}).metric("images"), 4);
  EXPECT_EQ(grid({0, 1, 2, 3}).files.at("grid").sha256, grid(nullptr).files.at("grid").sha256);
  EXPECT_NE(grid({3, 1}).files.at("grid").sha256, grid({1, 3}).files.at("grid").sha256);
  EXPECT_THAT(error_of([&] { grid({4}); }).what(), HasSubstr("params.classes"));
}

}  // namespace
}  // namespace checkerlab::worker
