// Keys of the language that came after the first studies: what they plan, and that they leave others as they were.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "base/error.hpp"
#include "schemas/validate.hpp"
#include "sweeps/plan.hpp"
#include "sweeps/testing/texts.hpp"

namespace checkerlab::sweeps {
namespace {

using ::testing::HasSubstr;
using testing::issue_of;
using testing::repository_file;
using testing::study;

const std::string kHash(64, 'b');

std::vector<const Job*> jobs_of(const Plan& plan, const std::string& kind) {
  std::vector<const Job*> found;
  for (const Job& job : plan.jobs) {
    if (job.kind == kind) found.push_back(&job);
  }
  return found;
}

std::string refusal(const std::vector<std::string>& overrides) {
  return issue_of(repository_file("sweeps/testing/study.yaml"), overrides).message;
}

const std::string kLatency =
    "measure_latency={steps_per_scale: [4], guidance: [0, 1], batches: [1, 64], warmup: 2, repeats: 9}";
const std::string kEntropy = "measure_entropy={steps_per_scale: [4, 8], guidance: [1], samples: 100, shown: 3}";

TEST(Measure, LatencyIsAJobForEveryModelSettingAndBatch) {
  const Plan plan = plan_study(study({kLatency, "sweep.ratios=[2]", "evaluation.guidance_start_step=3"}));
  const auto jobs = jobs_of(plan, "measure_latency");
  ASSERT_EQ(jobs.size(), 4u);
  for (const Job* job : jobs)
    EXPECT_NO_THROW(validate_job_spec(job->spec));
  const auto& params = jobs.back()->spec.at("params");
  EXPECT_EQ(params.at("batch"), 64);
  EXPECT_EQ(params.at("guidance_start_step"), 3);
  EXPECT_EQ(params.at("precision"), "bf16");
  EXPECT_EQ(jobs.front()->spec.at("params").at("guidance_start_step"), 0);  // without guidance it changes nothing
}

TEST(Measure, EntropyIsAJobForEveryModelAndSetting) {
  const Plan plan = plan_study(study({kEntropy, "evaluation.batch=7"}));
  const auto jobs = jobs_of(plan, "measure_entropy");
  ASSERT_EQ(jobs.size(), 8u);
  EXPECT_NO_THROW(validate_job_spec(jobs[0]->spec));
  EXPECT_EQ(jobs[0]->spec.at("params").at("shown"), 3);
  EXPECT_FALSE(jobs[0]->spec.at("params").contains("batch"));
  EXPECT_EQ(jobs[0]->hints.at("batch"), 7);
}

TEST(Measure, MeasuringMoreLeavesEveryOtherJobAsItWas) {
  const Plan before = plan_study(study()), after = plan_study(study({kLatency, kEntropy}));
  std::set<JobKey> keys;
  for (const Job& job : after.jobs)
    keys.insert(job.key);
  for (const Job& job : before.jobs)
    EXPECT_TRUE(keys.contains(job.key)) << job.label;
}

TEST(Measure, OneNumberOfMixingLayersIsTheModelsOwn) {
  const Plan own = plan_study(study()), listed = plan_study(study({"sweep.mixing_layers=[2]"}));
  EXPECT_EQ(jobs_of(own, "train_model")[0]->key, jobs_of(listed, "train_model")[0]->key);
  EXPECT_EQ(listed.points[0].ratio, "sqrt2");
  EXPECT_EQ(own.points[0].score_key, listed.points[0].score_key);
  EXPECT_EQ(jobs_of(listed, "measure_mixing").size(), 4u);
}

TEST(Measure, WithoutPointsNothingOfThemIsDone) {
  const Plan plan = plan_study(study({"sweep.guidance=[]", kEntropy}));
  EXPECT_TRUE(plan.points.empty());
  for (const char* kind : {"train_metric_network", "reference_statistics", "evaluate_shard", "score_point"})
    EXPECT_TRUE(jobs_of(plan, kind).empty()) << kind;
  EXPECT_EQ(jobs_of(plan, "measure_entropy").size(), 8u);
}

TEST(Measure, SampleGridsOfChosenClasses) {
  const Plan plan = plan_study(study({"samples.classes=[3, 1]"}));
  EXPECT_EQ(jobs_of(plan, "sample_grid")[0]->spec.at("params").at("classes"), nlohmann::json({3, 1}));
  EXPECT_FALSE(jobs_of(plan_study(study()), "sample_grid")[0]->spec.at("params").contains("classes"));
  EXPECT_THAT(refusal({"samples.classes=[4]"}), HasSubstr("there is no class 4"));
}

TEST(Given, FilesTakeTheJobsPlacesAndAreNamedByTheirContent) {
  const StudyDefinition definition =
      study({"tokenizer={file: vq.pth, stride: 2}", "model.given=[{ratio: 2, file: m.pth}]", "sweep.ratios=[2, 4]",
             "metric_network.steps=9"});
  const std::vector<WantedFile> wanted = wanted_files(definition);
  ASSERT_EQ(wanted.size(), 2u);
  EXPECT_EQ(wanted[0].place, "tokenizer.file");
  EXPECT_EQ(wanted[1], (WantedFile{"model.given.0.file", "m.pth", true}));
  EXPECT_THROW(plan_study(definition), Error);
  const std::vector<GivenFile> files{{"tokenizer.file", "/a/vq.pth", kHash}, {"model.given.0.file", "/a/m.pth", kHash}};
  const Plan plan = plan_study(definition, std::nullopt, files);
  const auto imports = jobs_of(plan, "import_file");
  ASSERT_EQ(imports.size(), 2u);
  for (const Job* job : imports) {
    EXPECT_NO_THROW(validate_job_spec(job->spec)) << job->spec.dump(1);
    EXPECT_EQ(job->spec.dump().find("/a/"), std::string::npos);
  }
  EXPECT_EQ(imports[1]->hints.at("path"), "/a/m.pth");
  EXPECT_EQ(imports[1]->spec.at("inputs").at("tokenizer"), imports[0]->key.str());
  EXPECT_EQ(jobs_of(plan, "train_model").size(), 1u);
  EXPECT_TRUE(jobs_of(plan, "train_tokenizer").empty());
  EXPECT_THROW(plan_study(definition, std::nullopt, {{"tokenizer.file", "/a", "xyz"}}), Error);
}

TEST(Given, WhatCannotBeMeantIsRefused) {
  EXPECT_THAT(refusal({"evaluation.network={name: inception}"}), HasSubstr("not from both"));
  EXPECT_THAT(refusal({"evaluation.metrics=[sfid]"}), HasSubstr("sfid needs spatial features"));
  EXPECT_THAT(refusal({"tokenizer={file: a, stride: 2, codes: 7}"}), HasSubstr("unknown key 'codes'"));
  EXPECT_THAT(refusal({"model.given=[{ratio: 3, file: a}]"}), HasSubstr("no model of this ratio"));
  EXPECT_THAT(refusal({"model.given=[{ratio: 2, mixing_layers: 1, file: a}]"}), HasSubstr("1 mixing layers"));
  EXPECT_THAT(refusal({"model.start={}"}), HasSubstr("one of the keys preset and file"));
  EXPECT_THAT(refusal({"sweep.mixing_layers=[4]"}), HasSubstr("the model has 3 layers"));
  EXPECT_THAT(refusal({"measure_entropy={steps_per_scale: [65], guidance: [1], samples: 10, shown: 3}"}),
              HasSubstr("65 steps per scale"));
  EXPECT_THAT(refusal({"measure_entropy={steps_per_scale: [4], guidance: [1], samples: 2, shown: 3}"}),
              HasSubstr("3 samples to show of 2"));
  EXPECT_THAT(
      refusal({"dataset={kind: files, path: a, classes: 4, size: 16, max_corrupt: 0, limit_per_class: 5, crops: ten}"}),
      HasSubstr("ten crops"));
}

TEST(Given, AMissingMetricNetworkIsNamedOnce) {
  const std::string text = testing::study_with(
      "metric_network:\n  channels: [32, 64]\n  feature_width: 64\n  steps: 400\n"
      "  batch: 128\n  lr: 1e-3\n",
      "");
  const auto issue = issue_of(text);
  EXPECT_EQ(issue.path, "metric_network");
  EXPECT_THAT(issue.fix, HasSubstr("evaluation.network"));
  const auto given =
      parse_study(text, "s",
                  std::vector<std::string>{"evaluation.network={name: inception}", "evaluation.reference={file: r.npz}",
                                           "evaluation.metrics=[fid, is, sfid, pr, kid, dc]"});
  const Plan plan = plan_study(given, std::nullopt,
                               {{"evaluation.network.name", "/n", kHash}, {"evaluation.reference.file", "/r", kHash}});
  EXPECT_EQ(jobs_of(plan, "import_file")[0]->spec.at("params").at("as"), "network");
  const auto& reference = jobs_of(plan, "reference_statistics")[0]->spec;
  EXPECT_NO_THROW(validate_job_spec(reference));
  EXPECT_EQ(reference.at("params"), nlohmann::json({{"sha256", kHash}, {"features", true}, {"spatial", true}}));
  const auto& score = jobs_of(plan, "score_point")[0]->spec;
  EXPECT_NO_THROW(validate_job_spec(score));
  EXPECT_EQ(score.at("params").at("is_block"), 5000);
  EXPECT_FALSE(jobs_of(plan_study(study()), "score_point")[0]->spec.at("params").contains("is_block"));
  EXPECT_EQ(jobs_of(plan, "evaluate_shard")[0]->spec.at("params").at("spatial"), true);
  EXPECT_NO_THROW(validate_job_spec(jobs_of(plan, "evaluate_shard")[0]->spec));
}

}  // namespace
}  // namespace checkerlab::sweeps
