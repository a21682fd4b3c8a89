// Metrics beyond FID and IS, and references that are files.
#include <gmock/gmock.h>

#include "base/error.hpp"
#include "base/given_file.hpp"
#include "base/testing/error_of.hpp"
#include "worker/jobs/reference_sums.hpp"
#include "worker/jobs/testing/tiny_study.hpp"

namespace checkerlab::worker {
namespace {

using ::testing::HasSubstr;
using testing::TinyStudy;

testing::Made reference(const Json& params, const testing::Extras& extras = {}) {
  auto& study = TinyStudy::instance();
  testing::Inputs inputs{{"network", study.network}};
  if (params.contains("split")) inputs["dataset"] = study.dataset;
  return study.bench.run("reference_statistics", params, inputs, extras);
}

testing::Made score(const testing::Made& compared_with, const Json& metrics, const Json& more = Json::object()) {
  auto& study = TinyStudy::instance();
  testing::Inputs inputs{{"reference", compared_with}, {"network", study.network}};
  inputs["shard.0000"] = study.shard(study.model, 0, 25);
  inputs["shard.0001"] = study.shard(study.model, 25, 60);
  Json params{{"metrics", metrics}, {"samples", 60}};
  params.update(more);
  return study.bench.run("score_point", params, inputs);
}

TEST(Evaluation, EveryMetricComesWithItsUncertainty) {
  const auto made = score(reference({{"split", "train"}, {"features", true}}), {"dc", "fid", "is", "kid", "pr"});
  for (const char* name : {"fid", "inception_score", "precision", "recall", "kid", "density", "coverage"}) {
    EXPECT_TRUE(made.metrics.contains(name)) << name;
    EXPECT_GT(made.metrics.at(std::string(name) + "_uncertainty"), 0) << name;
  }
  EXPECT_LE(made.metric("precision"), 1);
  EXPECT_EQ(made.metric("n"), 60);
  EXPECT_EQ(made.metric("total_steps"), 9);
}

TEST(Evaluation, FidAndIsAreTheSameWithAndWithoutTheOthers) {
  const auto alone = score(reference({{"split", "train"}}), {"fid", "is"});
  const auto among = score(reference({{"split", "train"}, {"features", true}}), {"fid", "is", "kid"});
  EXPECT_NEAR(among.metric("fid"), alone.metric("fid"), 1e-6 * alone.metric("fid"));
  EXPECT_NEAR(among.metric("inception_score"), alone.metric("inception_score"), 1e-6);
}

TEST(Evaluation, BlocksOfTheInceptionScoreAreTheSpecs) {
  const auto compared_with = reference({{"split", "train"}});
  const auto whole = score(compared_with, {"is"}, {{"is_block", 60}});
  EXPECT_NEAR(whole.metric("inception_score"), score(compared_with, {"is"}).metric("inception_score"), 1e-6);
  EXPECT_LT(score(compared_with, {"is"}, {{"is_block", 20}}).metric("inception_score"),
            whole.metric("inception_score"));
}

TEST(Evaluation, WhatTheReferenceLacksIsNamed) {
  const auto moments = reference({{"split", "train"}});
  EXPECT_THAT(error_of([&] { score(moments, {"pr"}); }).what(), HasSubstr("features"));
  Json params = testing::shard_params(0, 4);
  params["spatial"] = true;
  auto& study = TinyStudy::instance();
  const testing::Inputs inputs{{"tokenizer", study.tokenizer}, {"model", study.model}, {"network", study.network}};
  EXPECT_THAT(error_of([&] { study.bench.run("evaluate_shard", params, inputs); }).what(),
              HasSubstr("no spatial features"));
}

TEST(Reference, StatisticsOfAFileAreThoseThatItHolds) {
  auto& study = TinyStudy::instance();
  const auto path = study.bench.folder() / "reference.safetensors";
  std::filesystem::copy_file(study.reference.files.at("statistics").path, path);
  testing::Extras extras;
  extras.hints["path"] = path.string();
  const auto made = reference({{"sha256", given_file_sha256(path, false)}}, extras);
  EXPECT_NEAR(score(made, {"fid"}).metric("fid"), score(study.reference, {"fid"}).metric("fid"), 1e-6);
  const Error error = error_of([&] {
    reference({{"sha256", given_file_sha256(path, false)}, {"features", true}}, extras);
  });
  EXPECT_THAT(error.what(), HasSubstr("the reference has no images"));
}

TEST(Reference, StatisticsWithMomentsHaveThem) {
  const at::Tensor features = at::randn({50, 4}, at::kDouble) + 3;
  const auto moments = model::moments(model::accumulate(features));
  for (const std::int64_t count : {0, 50, 50'000}) {
    const auto back = model::moments(statistics_with(moments, count));
    EXPECT_TRUE(at::allclose(back.mean, moments.mean, 1e-12, 1e-12));
    EXPECT_TRUE(at::allclose(back.covariance, moments.covariance, 1e-9, 1e-9)) << count;
  }
}

}  // namespace
}  // namespace checkerlab::worker
