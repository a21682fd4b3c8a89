#include "sweeps/estimate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/error_of.hpp"
#include "sweeps/testing/texts.hpp"
#include "sweeps/work.hpp"

namespace checkerlab::sweeps {
namespace {

using ::testing::HasSubstr;
using testing::study;

Rate rate(const std::string& kind, double gflop, double per_second) {
  return {kind, gflop, per_second, "card", "2026-01-01", "test"};
}

const StageEstimate& stage(const StudyEstimate& cost, const std::string& kind) {
  for (const StageEstimate& one : cost.stages) {
    if (one.kind == kind) return one;
  }
  throw std::logic_error("no stage " + kind);
}

StudyDefinition large() {
  return parse_study(testing::repository_file("sweeps/paper/table1-2x.yaml"), "large", {});
}

JobWork work(const Plan& plan, const std::string& kind, const Assumed& assumed = {}) {
  std::map<std::string, const nlohmann::json*> specs;
  for (const Job& job : plan.jobs)
    specs[job.key.str()] = &job.spec;
  const auto spec_of = [&](const std::string& key) { return specs.at(key); };
  for (const Job& job : plan.jobs) {
    if (job.kind == kind) return work_of(job.spec, spec_of, assumed).value();
  }
  throw std::logic_error("no job " + kind);
}

// Counted by hand elsewhere for the published large model: 397 GFLOP of two branches over 342 tokens, a decoder of
// 252.7 and a network of 11.4; 367.6 million parameters.
TEST(Work, OfThePublishedLargeModelIsWhatIsKnown) {
  const Plan plan = plan_without_files(large());
  EXPECT_NEAR(work(plan, "evaluate_shard").gflop, 397 + 252.7 + 11.4, 40);  // attention in the decoder is left out
  const JobWork training = work(plan, "train_model", {1'000, {}});
  EXPECT_NEAR(training.gflop, 3 * 397 / 2.0, 10);
  EXPECT_EQ(training.units, 210'000);
  EXPECT_NEAR(training.megabytes, 367.6 * 4, 30);
}

TEST(Work, IsNotKnownWithoutTheNumberOfImages) {
  const StudyDefinition files =
      study({"dataset={kind: files, path: a, classes: 4, size: 16, max_corrupt: 0, limit_per_class: 0}"});
  const auto cost = estimate(files, plan_without_files(files), std::vector{rate("import_dataset", 1, 1)});
  EXPECT_FALSE(cost.complete);
  EXPECT_FALSE(stage(cost, "import_dataset").seconds);
  EXPECT_THAT(stage(cost, "import_dataset").missing, HasSubstr("dataset.images"));
  const StudyDefinition counted = study(
      {"dataset={kind: files, path: a, classes: 4, size: 16, max_corrupt: 0, limit_per_class: 100, images: 1000}"});
  EXPECT_NEAR(stage(estimate(counted, plan_without_files(counted), {}), "tokenize_dataset").images, 400 * 2 * 6, 1e-9);
}

TEST(Rates, TheJobMostAlikeDecidesAndTheWorkScales) {
  const std::vector rates{rate("train_model", 10, 100), rate("train_model", 100, 20), rate("evaluate_shard", 50, 7)};
  EXPECT_EQ(nearest_rate(rates, "train_model", 20)->per_second, 100);
  EXPECT_EQ(nearest_rate(rates, "train_model", 90)->per_second, 20);
  EXPECT_EQ(nearest_rate(rates, "measure_entropy", 1)->per_second, 7);  // samples too
  EXPECT_FALSE(nearest_rate(rates, "score_point", 1));
  EXPECT_DOUBLE_EQ(seconds_at(rates[0], 1000, 20), 20);
}

TEST(Rates, AKindsOwnRateGoesBeforeAnothers) {
  const std::vector rates{rate("evaluate_shard", 50, 7), rate("sample_grid", 500, 3), rate("evaluate_shard", 40, 8)};
  EXPECT_EQ(nearest_rate(rates, "sample_grid", 50)->per_second, 3);
}

TEST(Rates, StatedOnesSayWhereTheyAreFromAndServeEveryStage) {
  std::set<std::string> kinds;
  for (const Rate& one : stated_rates()) {
    EXPECT_FALSE(one.source.empty());
    kinds.insert(one.kind);
  }
  for (const char* name : {"fig5", "table1-4x", "fig6"}) {
    const auto definition =
        parse_study(testing::repository_file("sweeps/paper/" + std::string(name) + ".yaml"), name, {});
    const auto cost = estimate(definition, plan_without_files(definition), stated_rates());
    EXPECT_TRUE(cost.complete) << name;
    EXPECT_GT(cost.seconds, 3600) << name;
    EXPECT_GT(cost.bytes, 1e9) << name;
  }
}

TEST(Rates, FaultyFilesAreRefusedByEntryAndKey) {
  const auto message = [](const std::string& yaml) {
    return std::string(error_of([&] { parse_rates(yaml, "r.yaml"); }).what());
  };
  const std::string good = "kind: a, gflop: 1, per_second: 2, machine: m, date: d, source: s";
  EXPECT_EQ(parse_rates("rates: [{" + good + "}]", "r.yaml").at(0).per_second, 2);
  EXPECT_THAT(message("x: 1"), HasSubstr("no list 'rates'"));
  EXPECT_THAT(message("rates: [{kind: a}]"), HasSubstr("rates.0: gflop"));
  EXPECT_THAT(message("rates: [{" + good + ", speed: 1}]"), HasSubstr("unknown key 'speed'"));
  EXPECT_THAT(message("rates: [{kind: a, gflop: 0, per_second: 2, machine: m, date: d, source: s}]"),
              HasSubstr("greater than 0"));
  EXPECT_THAT(message("rates: [7]"), HasSubstr("must be a mapping"));
  EXPECT_THAT(message("rates: ["), HasSubstr("r.yaml"));
}

TEST(Estimate, AddsUpJobsAndTheLongestChain) {
  const StudyDefinition tiny = study({"sweep.ratios=[2]", "sweep.guidance=[0]", "sweep.steps_per_scale=[1, 2]"});
  const Plan plan = plan_without_files(tiny);
  const double gflop = work(plan, "train_model").gflop;
  const auto cost = estimate(tiny, plan, std::vector{rate("train_model", gflop, 63), rate("evaluate_shard", 1e9, 1e9)});
  EXPECT_NEAR(stage(cost, "train_model").seconds.value(), 601, 1e-6);  // 601 steps of 63 images
  EXPECT_EQ(stage(cost, "train_model").jobs, 1);
  EXPECT_EQ(stage(cost, "evaluate_shard").images, 1000);
  EXPECT_FALSE(stage(cost, "train_tokenizer").seconds);
  EXPECT_EQ(stage(cost, "train_tokenizer").missing, "there is no rate");
  EXPECT_GE(cost.longest_seconds, 601);
  EXPECT_LE(cost.longest_seconds, cost.seconds);
  EXPECT_EQ(cost.wall_seconds(1000), cost.longest_seconds);
  EXPECT_EQ(cost.wall_seconds(1), cost.seconds);
}

}  // namespace
}  // namespace checkerlab::sweeps
