#include "sweeps/plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/canonical_json.hpp"
#include "base/error.hpp"
#include "schemas/validate.hpp"
#include "sweeps/testing/texts.hpp"

namespace checkerlab::sweeps {
namespace {

using testing::study;

std::set<JobKey> keys(const Plan& plan) {
  std::set<JobKey> all;
  for (const Job& job : plan.jobs)
    all.insert(job.key);
  return all;
}

const Job& only(const Plan& plan, const std::string& kind) {
  const auto found = std::ranges::find(plan.jobs, kind, &Job::kind);
  if (found == plan.jobs.end()) throw std::logic_error("no job of kind " + kind);
  return *found;
}

bool includes(const std::set<JobKey>& larger, const std::set<JobKey>& smaller) {
  return std::ranges::includes(larger, smaller);
}

const std::vector<std::string> kFiles{
    "dataset={kind: files, path: /data, classes: 10, size: 32, max_corrupt: 3, limit_per_class: 500}"};
const std::string kHash(64, 'b');

TEST(Plan, HasTheJobsOfEveryStage) {
  const PlanSummary summary = summarize(plan_study(study()));
  const std::map<std::string, std::int64_t> expected{
      {"import_dataset", 1},       {"train_tokenizer", 1},      {"tokenize_dataset", 6},
      {"train_metric_network", 1}, {"reference_statistics", 1}, {"train_model", 4},
      {"evaluate_shard", 96},      {"score_point", 48},         {"sample_grid", 4}};
  EXPECT_EQ(summary.jobs_by_kind, expected);
  EXPECT_EQ(summary.jobs, 162);
  EXPECT_EQ(summary.points, 48);
  EXPECT_EQ(summary.models, 4);
  EXPECT_EQ(summary.images, 48 * 500);
}

TEST(Plan, EverySpecFollowsItsSchemaAndItsKeyIsItsHash) {
  for (const auto& plan : {plan_study(study()), plan_study(study(kFiles), DatasetContent{"/data", kHash, 50'000})}) {
    for (const Job& job : plan.jobs) {
      EXPECT_NO_THROW(validate_job_spec(job.spec)) << job.spec.dump(1);
      EXPECT_EQ(job.key.str(), content_key(job.spec));
      EXPECT_EQ(job.hints.at("label"), job.label);
    }
  }
}

TEST(Plan, JobsStandAfterTheirInputsAndOnce) {
  std::set<JobKey> seen;
  for (const Job& job : plan_study(study()).jobs) {
    for (const Input& input : job.inputs) {
      EXPECT_TRUE(seen.contains(input.key)) << job.kind << " " << input.role;
      EXPECT_EQ(job.spec.at("inputs").at(input.role), input.key.str());
    }
    EXPECT_EQ(job.inputs.size(), job.spec.at("inputs").size());
    EXPECT_TRUE(seen.insert(job.key).second);
  }
}

TEST(Plan, SubmittingTwiceGivesTheSameKeys) {
  EXPECT_EQ(keys(plan_study(study())), keys(plan_study(study())));
}

// Results in databases of users hang on these keys: a change of them is a change of what a job means.
TEST(Plan, KeysAreStable) {
  const Plan plan = plan_study(study());
  EXPECT_EQ(only(plan, "import_dataset").key.str(), "b3211d0cf2bd4046ca5ad81554284dcf0a2a32a71860575b9e2e835ca929c877");
  EXPECT_EQ(only(plan, "train_tokenizer").key.str(),
            "04237b6e4fef8840521d7634c79f1389e8579beff8f6ddded108cc8261e512f8");
  EXPECT_EQ(only(plan, "train_model").key.str(), "c24ab1550af005211f7e3bd478fdc0d5fab4b61526bc980177f674e23dc982c6");
  EXPECT_EQ(only(plan, "evaluate_shard").key.str(), "0c1e584d1b7f62c1b25e98882d87a63c05c2dda020d32626aaaf9028337d1b9c");
  EXPECT_EQ(only(plan, "score_point").key.str(), "1529dbd8611c5fd5368d618c4ef1a8b0c665a5042a12fd7b465a87798845e9ed");
}

TEST(Plan, ARetrainedCodebookTakesTheTokenizersPlace) {
  const auto retrained =
      plan_study(study({"tokenizer.retrain_codebook={steps: 300, gather_steps: 50, batch: 16, lr: 0.001}"}));
  const Job& codebook = only(retrained, "retrain_codebook");
  EXPECT_NO_THROW(validate_job_spec(codebook.spec));
  EXPECT_EQ(codebook.spec.at("inputs").at("tokenizer"), only(retrained, "train_tokenizer").key.str());
  EXPECT_EQ(codebook.spec.at("params").at("redraw_every"), 1000);
  EXPECT_EQ(only(retrained, "train_tokenizer").key, only(plan_study(study()), "train_tokenizer").key);
  for (const Job& job : retrained.jobs) {
    if (job.kind == "retrain_codebook" || !job.spec.at("inputs").contains("tokenizer")) continue;
    EXPECT_EQ(job.spec.at("inputs").at("tokenizer"), codebook.key.str()) << job.kind;
  }
}

// What a preset fills in is as if it had been written; what is set besides is in the spec, and only then.
TEST(Plan, PresetsAndLaterSettingsAreSpelledOutInTheSpec) {
  const auto params = [](const std::vector<std::string>& overrides) {
    const auto plan = plan_study(study(overrides));
    const Job& job = only(plan, "train_model");
    EXPECT_NO_THROW(validate_job_spec(job.spec)) << job.spec.dump(1);
    return job.spec.at("params");
  };
  const auto plain = params({});
  for (const char* name : {"epochs", "warmup_epochs", "accumulation", "ema_decay", "gradient_clip", "skip_limit"})
    EXPECT_FALSE(plain.contains(name)) << name;
  const auto large =
      params({"model={preset: checkerboard-l, train: {ema_decay: 0.999, gradient_clip: 1, skip_limit: 3}}"});
  EXPECT_EQ(large.at("layers"), 20);
  EXPECT_EQ(large.at("epochs"), 210);
  EXPECT_FALSE(large.contains("steps"));
  EXPECT_FALSE(large.contains("preset"));
  EXPECT_EQ(large.at("accumulation").dump(), R"([{"batches":5,"epoch":205.0}])");
  EXPECT_EQ(large.at("ema_decay"), 0.999);
  EXPECT_EQ(large.at("skip_limit"), 3);
}

TEST(Plan, TheMovingAverageIsChosenAtEvaluation) {
  const Plan last = plan_study(study({"model.train.ema_decay=0.99"}));
  const Plan average = plan_study(study({"model.train.ema_decay=0.99", "evaluation.ema=true"}));
  EXPECT_EQ(only(average, "train_model").key, only(last, "train_model").key);
  for (const char* kind : {"evaluate_shard", "sample_grid"}) {
    EXPECT_FALSE(only(last, kind).spec.at("params").contains("ema"));
    EXPECT_EQ(only(average, kind).spec.at("params").at("ema"), true);
    EXPECT_NO_THROW(validate_job_spec(only(average, kind).spec));
  }
}

TEST(Plan, ExtendingOnlyAddsKeys) {
  const auto before = keys(plan_study(study()));
  for (const char* extension : {"sweep.ratios=[single, 3, sqrt2, 1.5, 2, 4]", "sweep.guidance=[2, 1, 0.5, 0]",
                                "sweep.steps_per_scale=[16, 8, 4, 2, 1]", "evaluation.seeds=[1, 0]"}) {
    const auto after = keys(plan_study(study({extension})));
    EXPECT_TRUE(includes(after, before)) << extension;
    EXPECT_GT(after.size(), before.size()) << extension;
  }
}

TEST(Plan, NamesPathsAndBatchHintsChangeNoKey) {
  const auto before = keys(plan_study(study()));
  EXPECT_EQ(keys(plan_study(study({"name=other", "title=Another", "evaluation.batch=7"}))), before);
  const auto files = keys(plan_study(study(kFiles), DatasetContent{"/data", kHash, 50'000}));
  EXPECT_EQ(keys(plan_study(study(kFiles), DatasetContent{"/elsewhere", kHash, 0})), files);
}

TEST(Plan, WhatChangesResultsChangesKeys) {
  const Plan before = plan_study(study());
  for (const char* change :
       {"seed=1", "evaluation.precision=fp32", "evaluation.samples=499", "evaluation.temperature=0.9",
        "evaluation.reference=test", "metric_network.steps=401", "model.train.batch=64", "tokenizer.lr=0.002",
        "dataset.train_images=5000", "evaluation.metrics=[fid]"}) {
    const auto after = keys(plan_study(study({change})));
    for (const Point& point : before.points)
      EXPECT_FALSE(after.contains(point.score_key)) << change;
  }
}

TEST(Plan, ReferenceAndSamplingDoNotRetrainModels) {
  const Plan before = plan_study(study());
  const auto after =
      keys(plan_study(study({"evaluation.reference=test", "evaluation.temperature=0.9", "metric_network.steps=401"})));
  for (const Point& point : before.points)
    EXPECT_TRUE(after.contains(point.model_key));
}

TEST(Plan, RatiosShareTheTokensOfASize) {
  const Plan plan = plan_study(study());
  std::set<std::string> eights;
  for (const Job& job : plan.jobs) {
    if (job.kind == "train_model") eights.insert(job.spec.at("inputs").at("tokens.008").get<std::string>());
  }
  EXPECT_EQ(eights.size(), 1u);
}

TEST(Plan, ShardsCoverTheSamplesOnce) {
  const Plan plan = plan_study(study({"evaluation.samples=501", "evaluation.shard_size=200"}));
  const Job& score = only(plan, "score_point");
  std::int64_t next = 0;
  for (const Input& input : score.inputs) {
    if (!input.role.starts_with("shard.")) continue;
    const auto shard = std::ranges::find(plan.jobs, input.key, &Job::key);
    ASSERT_NE(shard, plan.jobs.end());
    EXPECT_EQ(shard->spec.at("params").at("begin"), next);
    next = shard->spec.at("params").at("end");
  }
  EXPECT_EQ(next, 501);
  EXPECT_EQ(score.inputs.size(), 5u);  // three shards, reference, network
}

TEST(Plan, PointsSayWhatTheyMeasure) {
  const Plan plan = plan_study(study());
  const auto point = std::ranges::find_if(
      plan.points, [](const Point& p) { return p.ratio == "2" && p.steps_per_scale == 4 && p.guidance == 0.5; });
  ASSERT_NE(point, plan.points.end());
  EXPECT_EQ(point->ratio_value, 2.0);
  EXPECT_EQ(point->sizes, (std::vector<int>{1, 2, 4, 8}));
  EXPECT_EQ(point->total_steps, 13);
  EXPECT_EQ(point->seed, 0);
  EXPECT_EQ(point->samples, 500);
}

TEST(Plan, StepsThatMakeTheSameBlocksAreOnePoint) {
  const Plan plan =
      plan_study(study({"sweep.ratios=[single]", "sweep.guidance=[0]", "sweep.steps_per_scale=[48, 64, 40]"}));
  ASSERT_EQ(plan.points.size(), 1u);
  EXPECT_EQ(plan.points[0].steps_per_scale, 48);
  EXPECT_EQ(plan.points[0].total_steps, 64);
  const Plan other = plan_study(study({"sweep.ratios=[single]", "sweep.guidance=[0]", "sweep.steps_per_scale=[64]"}));
  EXPECT_EQ(other.points.at(0).score_key, plan.points[0].score_key);
}

TEST(Plan, WithoutGuidanceItsStartChangesNothing) {
  const auto early = plan_study(study({"sweep.guidance=[0]", "samples.guidance=0"}));
  const auto late = plan_study(study({"sweep.guidance=[0]", "samples.guidance=0", "evaluation.guidance_start_step=5"}));
  EXPECT_EQ(keys(early), keys(late));
}

TEST(Plan, FilesNeedTheirContent) {
  EXPECT_THROW(plan_study(study(kFiles)), Error);
  EXPECT_THROW(plan_study(study(kFiles), DatasetContent{"/data", "abc", 100}), Error);
  EXPECT_THROW(plan_study(study(kFiles), DatasetContent{"/data", kHash, 49}), Error);  // batch of 64
  const Plan plan = plan_study(study(kFiles), DatasetContent{"/data", kHash, 0});
  EXPECT_EQ(only(plan, "import_dataset").hints.at("path"), "/data");
  EXPECT_EQ(only(plan, "import_dataset").spec.at("params").at("content_sha256"), kHash);
}

TEST(Plan, RanksAreAHintOfTrainingsAlone) {
  const Plan plan = plan_study(study({"placement={stages: [{kind: train_model, ranks: {min: 2, max: 8}}]}"}));
  EXPECT_EQ(keys(plan), keys(plan_study(study())));
  for (const Job& job : plan.jobs) {
    if (job.kind == "train_model") {
      EXPECT_EQ(job.hints.at("placement"), nlohmann::json({{"ranks", {{"min", 2}, {"max", 8}}}}));
    } else {
      EXPECT_FALSE(job.hints.contains("placement")) << job.kind;
    }
  }
  const Plan exact = plan_study(study({"placement={stages: [{kind: train_model, ranks: 4}]}"}));
  for (const Job& job : exact.jobs) {
    if (job.kind != "train_model") continue;
    EXPECT_EQ(job.hints.at("placement").at("ranks"), nlohmann::json({{"min", 4}, {"max", 4}}));
  }
}

TEST(Plan, PlacementIsAHintAndInNoKey) {
  const Plan plain = plan_study(study());
  const Plan placed = plan_study(study({"priority=5", "deadline=2027-01-31T12:00:00Z",
                                        "placement={labels: [gpu=h100], memory_gib: 20, stages: [{kind: train_model, "
                                        "labels: [site=a], memory_gib: 40.5, "
                                        "time_limit_minutes: 90}]}"}));
  EXPECT_EQ(keys(plain), keys(placed));
  for (const Job& job : plain.jobs)
    EXPECT_FALSE(job.hints.contains("placement"));
  for (const Job& job : placed.jobs) {
    const nlohmann::json& hint = job.hints.at("placement");
    if (job.kind == "train_model") {
      EXPECT_EQ(hint, nlohmann::json({{"labels", {{"gpu", "h100"}, {"site", "a"}}},
                                      {"memory_bytes", 43'486'543'872},
                                      {"time_limit_seconds", 5400}}));
    } else {
      EXPECT_EQ(hint, nlohmann::json({{"labels", {{"gpu", "h100"}}}, {"memory_bytes", 21'474'836'480}}));
    }
  }
}

TEST(Plan, NoopJobsDifferByIndex) {
  EXPECT_NE(noop_job(0, "ok", 0).key, noop_job(1, "ok", 0).key);
  EXPECT_NO_THROW(validate_job_spec(noop_job(7, "steps", 100).spec));
}

}  // namespace
}  // namespace checkerlab::sweeps
