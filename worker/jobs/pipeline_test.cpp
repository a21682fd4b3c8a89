// The complete chain of jobs at tiny size, on the CPU.
#include <gmock/gmock.h>

#include "base/error.hpp"
#include "libmodel/evaluation/score.hpp"
#include "worker/jobs/testing/tiny_study.hpp"

namespace checkerlab::worker {
namespace {

using testing::TinyStudy;

TEST(Pipeline, EveryJobLeavesItsMetrics) {
  auto& study = TinyStudy::instance();
  EXPECT_EQ(study.dataset.metric("train_images"), 512);
  EXPECT_EQ(study.dataset.metric("test_images"), 128);
  EXPECT_EQ(study.dataset.metric("classes"), 4);
  EXPECT_EQ(study.dataset.metric("corrupt"), 0);
  EXPECT_GT(study.tokenizer.metric("psnr"), 10);
  EXPECT_GT(study.tokenizer.metric("codebook_use"), 0.1);
  EXPECT_GT(study.tokenizer.metric("perplexity"), 2);
  EXPECT_GT(study.tokenizer.metric("psnr_at_1"), 0);
  EXPECT_GT(study.network.metric("test_accuracy"), 0.4);
  EXPECT_EQ(study.network.metric("feature_width"), 32);
  EXPECT_EQ(study.reference.metric("n"), 512);
  EXPECT_EQ(study.tokens.at("tokens.004").metric("images"), 512);
  EXPECT_GT(study.model.metric("parameters"), 50'000);
  EXPECT_GT(study.model.metric("images_per_second"), 0);
}

TEST(Pipeline, TrainingTakesTheFidFarBelowThatOfAnUntrainedModel) {
  auto& study = TinyStudy::instance();
  const auto untrained = study.score(study.train_model(0), 200, 100);
  const auto trained = study.score(study.model, 200, 100);
  RecordProperty("fid_untrained", std::to_string(untrained.metric("fid")));
  RecordProperty("fid_trained", std::to_string(trained.metric("fid")));
  EXPECT_LT(trained.metric("fid"), 0.4 * untrained.metric("fid"));
  EXPECT_GT(trained.metric("fid_uncertainty"), 0);
  EXPECT_GT(trained.metric("fid.without.00"), 0);
  EXPECT_NE(trained.metric("fid.without.09"), trained.metric("fid.without.00"));
  EXPECT_GT(trained.metric("inception_score"), 1);
  EXPECT_EQ(trained.metric("n"), 200);
  EXPECT_EQ(trained.identity.count("evaluator_version"), 1U);
  EXPECT_EQ(trained.identity.count("code_version"), 1U);
}

TEST(Pipeline, ShardsAddUpToTheSameStatistics) {
  auto& study = TinyStudy::instance();
  testing::Extras small_batches;
  small_batches.hints["batch"] = 7;
  const auto whole = model::read_shard(study.shard(study.model, 0, 60).files.at("shard").path);
  const auto first = model::read_shard(study.shard(study.model, 0, 25, small_batches).files.at("shard").path);
  const auto second = model::read_shard(study.shard(study.model, 25, 60).files.at("shard").path);
  const auto merged = model::merge(first.statistics, second.statistics);
  EXPECT_EQ(merged.n, whole.statistics.n);
  EXPECT_TRUE(torch::allclose(merged.sum, whole.statistics.sum, 1e-5, 1e-5));
  EXPECT_TRUE(torch::allclose(merged.outer, whole.statistics.outer, 1e-5, 1e-5));
  EXPECT_TRUE(torch::allclose(torch::cat({first.features, second.features}), whole.features, 1e-4, 1e-4));
}

TEST(Pipeline, TheSameShardTwiceIsTheSameBytes) {
  auto& study = TinyStudy::instance();
  EXPECT_EQ(study.shard(study.model, 0, 16).files.at("shard").sha256,
            study.shard(study.model, 0, 16).files.at("shard").sha256);
}

TEST(Pipeline, ReducedPrecisionDrawsAndMeasuresToo) {
  auto& study = TinyStudy::instance();
  auto params = testing::shard_params(0, 16);
  params["precision"] = "bf16";
  const auto made = study.bench.run(
      "evaluate_shard", params, {{"tokenizer", study.tokenizer}, {"model", study.model}, {"network", study.network}});
  const auto shard = model::read_shard(made.files.at("shard").path);
  EXPECT_EQ(shard.statistics.n, 16);
  EXPECT_TRUE(torch::isfinite(shard.features).all().item<bool>());
}

TEST(Pipeline, ReportsTheRealNumberOfSteps) {
  auto& study = TinyStudy::instance();
  // 1x1: one block; 2x2 and 4x4: four blocks each.
  EXPECT_EQ(study.shard(study.model, 0, 4).metric("total_steps"), 9);
}

TEST(Pipeline, TheSampleGridIsAPng) {
  auto& study = TinyStudy::instance();
  const auto grid = study.bench.run(
      "sample_grid",
      {{"steps_per_scale", 4}, {"guidance", 0.5}, {"guidance_start_step", 0}, {"per_class", 3}, {"seed", 0}},
      {{"tokenizer", study.tokenizer}, {"model", study.model}});
  EXPECT_EQ(grid.metric("images"), 12);
  EXPECT_EQ(SystemFiles().read(grid.files.at("grid").path).substr(1, 3), "PNG");
}

TEST(Pipeline, ATrainingThatWasStoppedGoesOnToTheSameLoss) {
  auto& study = TinyStudy::instance();
  const auto straight = study.train_model(40);
  testing::Extras stopped;
  stopped.hints["checkpoint_seconds"] = 0;
  stopped.cancel_after_checkpoints = 15;
  EXPECT_THROW(study.train_model(40, stopped), Error);

  // The checkpoints of a run that is not stopped are the same ones.
  testing::Extras every_step;
  every_step.hints["checkpoint_seconds"] = 0;
  const auto checkpoints = study.train_model(40, every_step).checkpoints;
  ASSERT_GT(checkpoints.size(), 2U);
  testing::Extras resumed;
  resumed.resume = checkpoints.at(checkpoints.size() / 2);
  ASSERT_LT(resumed.resume->step, 40);
  const auto rest = study.train_model(40, resumed);
  EXPECT_NEAR(rest.metric("final_loss"), straight.metric("final_loss"), 1e-5);
  EXPECT_GT(rest.curves.at("loss").front().first, 1);
}

// Everything that a study may say beside the old params, and samples of the average.
TEST(Pipeline, TheWholeRecipeTrainsAndItsAverageIsSampled) {
  auto& study = TinyStudy::instance();
  testing::Inputs inputs = study.tokens;
  inputs["tokenizer"] = study.tokenizer;
  auto params = testing::model_params(0);
  params.erase("steps");
  params.erase("warmup_steps");
  params["epochs"] = 1.5;
  params["warmup_epochs"] = 0.25;
  params["drops"] = {{{"epoch", 1.25}, {"factor", 0.1}}};
  params["accumulation"] = {{{"epoch", 1}, {"batches", 2}}};
  params["ema_decay"] = 0.9;
  params["gradient_clip"] = 1;
  params["skip_limit"] = 2;
  params["precision"] = "fp16";
  testing::Extras pieces;
  pieces.hints["micro_batch"] = 32;
  const auto trained = study.bench.run("train_model", params, inputs, pieces);
  EXPECT_EQ(trained.curves.at("loss").size(), 10U);  // an epoch of 8 batches, half a one of 2 pairs
  for (const char* name : {"loss_4x4", "learning_rate", "gradient_norm", "fp16_scale"})
    EXPECT_FALSE(trained.curves.at(name).empty()) << name;
  EXPECT_LT(trained.metric("skipped_steps"), 10);
  const auto shard = [&](bool average) {
    auto wanted = testing::shard_params(0, 8);
    if (average) wanted["ema"] = true;
    return study.bench.run("evaluate_shard", wanted,
                           {{"tokenizer", study.tokenizer}, {"model", trained}, {"network", study.network}});
  };
  EXPECT_NE(shard(true).files.at("shard").sha256, shard(false).files.at("shard").sha256);
}

TEST(Pipeline, TokenizerAndNetworkGoOnFromACheckpointToo) {
  auto& study = TinyStudy::instance();
  testing::Extras every_step;
  every_step.hints["checkpoint_seconds"] = 0;
  auto params = testing::network_params();
  params["steps"] = 20;
  const auto straight = study.bench.run("train_metric_network", params, {{"dataset", study.dataset}}, every_step);
  ASSERT_GT(straight.checkpoints.size(), 2U);
  testing::Extras resumed;
  resumed.resume = straight.checkpoints.at(straight.checkpoints.size() / 2);
  const auto rest = study.bench.run("train_metric_network", params, {{"dataset", study.dataset}}, resumed);
  EXPECT_EQ(rest.files.at("network").sha256, straight.files.at("network").sha256);

  auto tokenizer = testing::tokenizer_params();
  tokenizer["steps"] = 30;
  const auto whole = study.bench.run("train_tokenizer", tokenizer, {{"dataset", study.dataset}}, every_step);
  ASSERT_GT(whole.checkpoints.size(), 2U);
  resumed.resume = whole.checkpoints.at(whole.checkpoints.size() / 2);
  const auto second = study.bench.run("train_tokenizer", tokenizer, {{"dataset", study.dataset}}, resumed);
  EXPECT_NEAR(second.metric("final_loss"), whole.metric("final_loss"), 1e-5);
}

TEST(Pipeline, ACodebookIsTrainedAnewAndGoesOnFromACheckpoint) {
  auto& study = TinyStudy::instance();
  const Json params{{"sizes", testing::tokenizer_params().at("sizes")},
                    {"steps", 60},
                    {"gather_steps", 20},
                    {"redraw_every", 20},
                    {"batch", 16},
                    {"lr", 0.01},
                    {"mode", "described"},
                    {"seed", 1}};
  const std::map<std::string, testing::Made> inputs{{"dataset", study.dataset}, {"tokenizer", study.tokenizer}};
  testing::Extras every_step;
  every_step.hints["checkpoint_seconds"] = 0;
  const auto straight = study.bench.run("retrain_codebook", params, inputs, every_step);
  EXPECT_GT(straight.metric("codebook_use"), 0.05);
  EXPECT_GT(straight.metric("quantisation_error_at_1"), 0);
  EXPECT_NE(straight.files.at("tokenizer").sha256, study.tokenizer.files.at("tokenizer").sha256);
  ASSERT_GT(straight.checkpoints.size(), 2U);
  testing::Extras resumed;
  resumed.resume = straight.checkpoints.at(straight.checkpoints.size() / 2);
  const auto rest = study.bench.run("retrain_codebook", params, inputs, resumed);
  EXPECT_EQ(rest.files.at("tokenizer").sha256, straight.files.at("tokenizer").sha256);
}

}  // namespace
}  // namespace checkerlab::worker
