// Values that are well-formed but cannot be right: one clear message each, at the right place.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "sweeps/plan.hpp"
#include "sweeps/testing/texts.hpp"

namespace checkerlab::sweeps {
namespace {

using ::testing::HasSubstr;
using testing::issue_of;
using testing::place_of;
using testing::repository_file;
using testing::study;
using testing::study_with;

TEST(BadInput, RatioOfOneOrLess) {
  for (const char* ratio : {"1", "0.5", "-2", "0"}) {
    const std::string text = study_with("[sqrt2, 2, 4, single]", "[sqrt2, " + std::string(ratio) + "]");
    const auto issue = issue_of(text);
    EXPECT_EQ(issue.path, "sweep.ratios.1");
    EXPECT_THAT(issue.message, HasSubstr("not a scale ratio: must be greater than 1, found"));
    EXPECT_EQ(std::pair(issue.line, issue.column), place_of(text, std::string(ratio) + "]\n  steps"));
  }
  EXPECT_THAT(issue_of(study_with("[sqrt2, 2, 4, single]", "[1.001]")).message, HasSubstr("1.001 is too close to 1"));
}

TEST(BadInput, UnknownRatioName) {
  EXPECT_EQ(issue_of(study_with("[sqrt2, 2, 4, single]", "[sqrt3]")).message,
            "must be sqrt2 or single, found the text 'sqrt3'; did you mean 'sqrt2'?");
}

TEST(BadInput, ZeroSteps) {
  const auto per_scale = issue_of(study_with("[1, 2, 4, 8]", "[0, 2]"));
  EXPECT_EQ(per_scale.path, "sweep.steps_per_scale.0");
  EXPECT_EQ(per_scale.message, "must be at least 1, found 0");
  EXPECT_EQ(issue_of(study_with("   steps: 600", "   steps: 0")).path, "tokenizer.steps");
  EXPECT_EQ(issue_of(study_with("  steps: 400", "  steps: 0")).path, "metric_network.steps");
}

TEST(BadInput, ZeroTrainingStepsOfTheModelAreTheUntrainedBaseline) {
  EXPECT_EQ(study({"model.train.steps=0"}).model.train.steps, 0);
}

TEST(BadInput, NegativeGuidance) {
  const auto issue = issue_of(study_with("[0, 0.5, 1.0]", "[0, -0.5]"));
  EXPECT_EQ(issue.path, "sweep.guidance.1");
  EXPECT_EQ(issue.message, "must be at least 0, found -0.5");
}

TEST(BadInput, NTooSmallForTheMetric) {
  const std::string text = study_with("samples: 500", "samples: 19");
  const auto issue = issue_of(text);
  EXPECT_EQ(issue.path, "evaluation.samples");
  EXPECT_EQ(issue.message, "N is too small for the metric: must be at least 20, found 19");
  EXPECT_EQ(std::pair(issue.line, issue.column), place_of(text, "19"));
}

TEST(BadInput, ListedTwice) {
  EXPECT_EQ(issue_of(study_with("[0, 0.5, 1.0]", "[0, 0.5, 0.5]")).message, "0.5 is listed twice");
  EXPECT_EQ(issue_of(study_with("[sqrt2, 2, 4, single]", "[2, 2.0]")).path, "sweep.ratios.1");
}

TEST(BadInput, EmptyLists) {
  EXPECT_EQ(issue_of(study_with("[sqrt2, 2, 4, single]", "[]")).message, "needs at least 1 value");
}

TEST(BadInput, StudyTooLarge) {
  std::string seeds = "[";
  for (int i = 0; i < 1000; ++i)
    seeds += (i == 0 ? "" : ", ") + std::to_string(i);
  std::string guidance = "[";
  for (int i = 0; i < 100; ++i)
    guidance += (i == 0 ? "" : ", ") + std::to_string(i);
  const std::string text = repository_file("sweeps/testing/study.yaml");
  const auto points = testing::issues_of(text, {"evaluation.seeds=" + seeds + "]", "sweep.guidance=" + guidance + "]"});
  ASSERT_EQ(points.size(), 1u);
  EXPECT_EQ(points[0].path, "sweep");
  EXPECT_EQ(points[0].message, "the study is too large: 1600000 points, at most 100000 are allowed");
  EXPECT_EQ(issue_of(text, {"evaluation.samples=1000000", "evaluation.shard_size=1"}).message,
            "the study is too large: 48000048 evaluation jobs, at most 1000000 are allowed");
}

TEST(BadInput, PlannerRefusesAStudyThatIsTooLargeToo) {
  StudyDefinition large = study();
  large.evaluation.shard_size = 1;
  large.evaluation.samples = 1'000'000;
  try {
    plan_study(large);
    FAIL() << "planned";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::too_large);
    EXPECT_THAT(error.what(), HasSubstr("48000048 evaluation jobs, at most 1000000"));
  }
}

TEST(BadInput, ImageSizeNotDivisibleByStride) {
  const auto issue = issue_of(study_with("  size: 16", "  size: 17"));
  EXPECT_EQ(issue.path, "tokenizer.stride");
  EXPECT_EQ(issue.message, "the image size 17 is not divisible by the stride 2");
}

TEST(BadInput, StrideThatTheLevelsDoNotMake) {
  EXPECT_THAT(issue_of(study_with("multipliers: [1, 2]", "multipliers: [1, 2, 2]")).message,
              HasSubstr("3 levels halve the image 2 times, which is a stride of 4, not 2"));
}

TEST(BadInput, GridTooLarge) {
  EXPECT_THAT(issue_of(study_with("  size: 16", "  size: 256")).message, HasSubstr("128×128, at most 64×64"));
}

TEST(BadInput, BatchLargerThanTheDataSet) {
  const auto issue = issue_of(study_with("batch: 63", "batch: 4097"));
  EXPECT_EQ(issue.path, "model.train.batch");
  EXPECT_EQ(issue.message, "a batch of 4097, but there are only 4096 training images");
}

TEST(BadInput, MoreStepsThanTokens) {
  const auto issue = issue_of(study_with("[1, 2, 4, 8]", "[1, 65]"));
  EXPECT_EQ(issue.path, "sweep.steps_per_scale.1");
  EXPECT_EQ(issue.message, "65 steps per scale, but the largest scale (8×8) has only 64 tokens");
  EXPECT_EQ(issue_of(study_with("steps_per_scale: 3", "steps_per_scale: 65")).path, "samples.steps_per_scale");
}

TEST(BadInput, ModelThatCannotBeBuilt) {
  EXPECT_THAT(issue_of(study_with("heads: 4", "heads: 5")).message, HasSubstr("96 cannot be split into 5 heads"));
  EXPECT_THAT(issue_of(study_with("heads: 4", "heads: 96")).message, HasSubstr("even width"));
  EXPECT_THAT(issue_of(study_with("mixing_layers: 2", "mixing_layers: 4")).message, HasSubstr("4 mixing layers"));
  EXPECT_THAT(issue_of(study_with("  channels: [32, 64]", "  channels: [8, 8, 8, 8, 8, 8]")).message,
              HasSubstr("6 stages halve an image of 16 pixels to nothing"));
}

TEST(BadInput, WidthsThatCannotBeNormalised) {
  EXPECT_EQ(issue_of(study_with("stride: 2, channels: 32", "stride: 2, channels: 30")).message,
            "30 channels cannot be normalised in groups");
  EXPECT_EQ(issue_of(study_with("stride: 2, channels: 32", "stride: 2, channels: 132")).path, "tokenizer.channels");
  EXPECT_EQ(issue_of(study_with("  channels: [32, 64]", "  channels: [32, 60]")).path, "metric_network.channels.1");
}

TEST(BadInput, CodebookStepsThatOnlyGather) {
  const auto retrain = [](const std::string& value) {
    return study_with("batch: 64, lr: 1e-3}", "batch: 64, lr: 1e-3, retrain_codebook: {" + value + "}}");
  };
  EXPECT_THAT(issue_of(retrain("steps: 1000, batch: 8, lr: 1e-3")).message, HasSubstr("1000 that only gather"));
  EXPECT_EQ(issue_of(retrain("steps: 9, gather_steps: 9, batch: 8, lr: 1e-3")).path,
            "tokenizer.retrain_codebook.steps");
  EXPECT_EQ(issue_of(retrain("steps: 1001, batch: 8, lr: 0")).path, "tokenizer.retrain_codebook.lr");
}

TEST(BadInput, OneMistakeIsOneMessage) {
  // The stride is wrong by itself; nothing that follows from it is reported.
  EXPECT_EQ(issue_of(study_with("stride: 2", "stride: 0")).path, "tokenizer.stride");
  EXPECT_EQ(issue_of(study_with("  size: 16", "  size: big")).path, "dataset.size");
}

TEST(BadInput, SchedulingThatCannotBe) {
  const auto issue = [](const std::string& override_text) {
    return issue_of(repository_file("sweeps/testing/study.yaml"), {override_text});
  };
  EXPECT_EQ(issue("priority=101").path, "priority");
  EXPECT_EQ(issue("deadline=tomorrow").path, "deadline");
  EXPECT_THAT(issue("deadline=2027-02-31T12:00:00Z").message, HasSubstr("no such time"));
  EXPECT_EQ(issue("placement={labels: [h100]}").path, "placement.labels.0");
  EXPECT_EQ(issue("placement={memory_gib: 0}").path, "placement.memory_gib");
  EXPECT_EQ(issue("placement={memory: 1}").path, "placement.memory");
  EXPECT_EQ(issue("placement={stages: [{kind: trainmodel}]}").path, "placement.stages.0.kind");
  EXPECT_THAT(issue("placement={stages: [{kind: train_model}, {kind: train_model}]}").message,
              HasSubstr("listed twice"));
}

TEST(BadInput, RanksAreForKindsThatCanAndHaveAnOrder) {
  const auto issue = [](const std::string& stage) {
    return issue_of(repository_file("sweeps/testing/study.yaml"), {"placement={stages: [{" + stage + "}]}"});
  };
  EXPECT_EQ(issue("kind: train_model, ranks: 0").path, "placement.stages.0.ranks");
  EXPECT_EQ(issue("kind: train_model, ranks: 4097").path, "placement.stages.0.ranks");
  EXPECT_EQ(issue("kind: train_model, ranks: {min: 0, max: 2}").path, "placement.stages.0.ranks.min");
  EXPECT_EQ(issue("kind: train_model, ranks: {min: 2}").path, "placement.stages.0.ranks.max");
  EXPECT_THAT(issue("kind: train_model, ranks: {min: 3, max: 2}").message, HasSubstr("min 3 is more than max 2"));
  EXPECT_THAT(issue("kind: score_point, ranks: 2").message, HasSubstr("score_point cannot run on several workers"));
}

TEST(BadInput, AnAverageThatIsNotKeptCannotBeEvaluated) {
  const auto issue = issue_of(repository_file("sweeps/testing/study.yaml"), {"evaluation.ema=true"});
  EXPECT_EQ(issue.path, "evaluation.ema");
}

}  // namespace
}  // namespace checkerlab::sweeps
