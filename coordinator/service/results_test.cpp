// From a worker's result to measurements with their identity, the figure, and the read models.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "coordinator/service/testing/fixture.hpp"
#include "coordinator/service/testing/small_study.hpp"
#include "coordinator/store/user_query.hpp"

namespace checkerlab::coordinator {
namespace {

using testing::Bench;
using testing::FakeWorker;
using ::testing::HasSubstr;

// Runs the small study; scores get FID and IS by their guidance.
class Results : public ::testing::Test {
 protected:
  void run(double fid_plain, double fid_guided, StudySubmission study = testing::small_study()) {
    bench_.submit(std::move(study));
    worker_ = bench_.connect("i", 1, {}, testing::small_study_kinds());
    for (std::size_t next = 0; next < worker_.link->assignments().size(); ++next) {
      const rpc::Assignment job = worker_.link->assignments()[next];
      jobs_.push_back(job);
      const bool guided = guidance_of(job) > 0;
      finish(job, testing::result_for(job, guided ? fid_guided : fid_plain, guided ? 4.0 : 3.0));
    }
  }
  void finish(const rpc::Assignment& job, const rpc::JobResult& result) {
    bench_.tell(worker_, {rpc::AttemptFinished{job.attempt, rpc::Outcome::kSucceeded, result, std::nullopt}});
  }
  // Scores name no guidance: their shard does.
  double guidance_of(const rpc::Assignment& job) const {
    if (!job.inputs.contains("shard.0000")) return 0;
    for (const rpc::Assignment& shard : jobs_) {
      if (shard.attempt.key == job.inputs.at("shard.0000").key) return shard.spec["params"]["guidance"].get<double>();
    }
    ADD_FAILURE() << "the shard was not given before its score";
    return 0;
  }

  Bench bench_;
  FakeWorker worker_;
  std::vector<rpc::Assignment> jobs_;
};

TEST_F(Results, InputsComeWithTheirArtifactsAndMetrics) {
  run(10, 12);
  ASSERT_EQ(jobs_.size(), 7U);
  const rpc::Assignment& score = jobs_.back();
  EXPECT_EQ(score.spec["kind"], "score_point");
  EXPECT_EQ(score.hints["batch"], 8);
  EXPECT_EQ(score.inputs.at("network").artifacts.at("network").bytes, 10U);
  EXPECT_EQ(score.inputs.at("reference").metrics.at("n"), 100.0);
  EXPECT_EQ(score.inputs.at("shard.0000").artifacts.at("shard").sha256.size(), 64U);
}

TEST_F(Results, PointsCarryNumbersWithTheirIdentity) {
  run(10, 12);
  const Json points = bench_.reads->points("small")["items"];
  ASSERT_EQ(points.size(), 2U);
  EXPECT_EQ(points[0]["guidance"], 0.0);
  EXPECT_EQ(points[0]["fid"], 10.0);
  EXPECT_EQ(points[0]["fid_uncertainty"], 0.5);
  EXPECT_EQ(points[1]["fid"], 12.0);
  EXPECT_EQ(points[0]["n"], 100);
  EXPECT_EQ(points[0]["seed"], 3);
  EXPECT_EQ(points[0]["sizes"], Json({1, 2, 4}));
  const Json& identity = points[0]["identity"];
  EXPECT_EQ(identity["evaluator_version"], "e1");
  EXPECT_EQ(identity["code_version"], "1.2.3");
  EXPECT_EQ(identity["precision"], "fp32");
  EXPECT_EQ(identity["network_sha256"], jobs_.back().inputs.at("network").artifacts.at("network").sha256);
  EXPECT_EQ(identity["reference_sha256"], jobs_.back().inputs.at("reference").artifacts.at("statistics").sha256);
  const Json study = bench_.reads->study("small");
  EXPECT_EQ(study["points"], Json({{"total", 2}, {"done", 2}}));
  EXPECT_EQ(study["ratios"], Json({"2"}));
}

TEST_F(Results, AReferenceThatTheStudyNamesIsKnownByItsFile) {
  const std::string file(64, 'f');
  run(10, 12, testing::small_study("small", {{"sha256", file}}));
  EXPECT_EQ(bench_.reads->points("small")["items"][0]["identity"]["reference_sha256"], file);
}

TEST_F(Results, TheFigureTakesTheGuidanceOfLeastFid) {
  run(10, 12);
  const Json series = bench_.reads->figure("small")["series"];
  ASSERT_EQ(series.size(), 1U);
  ASSERT_EQ(series[0]["points"].size(), 1U);
  const Json& point = series[0]["points"][0];
  EXPECT_EQ(point["best_guidance"], 0.0);
  EXPECT_EQ(point["fid"], 10.0);
  EXPECT_EQ(point["is_mean"], 3.0);
  EXPECT_EQ(point["is_max"], 3.0);  // 12 is more than 2 % above 10
  EXPECT_EQ(point["inception_score"], 3.0);
  EXPECT_EQ(point["inception_score_uncertainty"], 0.1);
  EXPECT_EQ(point["score_key"].get<std::string>().size(), 64U);
}

TEST_F(Results, TheInceptionScoreRangesOverNearlyAsGoodGuidance) {
  run(10.1, 10);
  const Json rows =
      run_user_query(*bench_.store,
                     "select study, ratio, steps_per_scale, total_steps, best_guidance, fid, is_mean, is_min, "
                     "is_max, n from fig_5")["rows"];
  EXPECT_EQ(rows, Json::parse(R"([["small", "2", 2, 6, 0.5, 10.0, 3.5, 3.0, 4.0, 100]])"));
  EXPECT_EQ(run_user_query(*bench_.store, "select count(*) from fig_4a")["rows"][0][0], 2);
  EXPECT_EQ(run_user_query(*bench_.store, "select count(*) from results_long")["rows"][0][0], 4);
  EXPECT_EQ(run_user_query(*bench_.store, "select count(*) from jobs_overview where state = 'succeeded'")["rows"][0][0],
            7);
}

TEST_F(Results, PointEventsTellTheNewNumber) {
  run(10, 12);
  std::vector<Json> points;
  for (const ServerEvent& event : bench_.events) {
    if (event.type == "point") points.push_back(event.data["point"]);
  }
  ASSERT_EQ(points.size(), 2U);
  EXPECT_TRUE(points[0]["fid"].is_number());
}

TEST_F(Results, AScoreWithoutItsEvaluatorIsRefused) {
  bench_.submit(testing::small_study());
  worker_ = bench_.connect("i", 1, {}, testing::small_study_kinds());
  for (std::size_t next = 0; next < worker_.link->assignments().size(); ++next) {
    const rpc::Assignment job = worker_.link->assignments()[next];
    rpc::JobResult result = testing::result_for(job);
    result.identity.clear();
    finish(job, result);
  }
  const Json failed = bench_.reads->jobs({"small", "failed", ""}, {});
  ASSERT_EQ(failed["items"].size(), 2U);
  EXPECT_EQ(failed["items"][0]["error"]["code"], "invalid_result");
  EXPECT_THAT(failed["items"][0]["error"]["message"].get<std::string>(), HasSubstr("evaluator_version"));
}

TEST_F(Results, AResultWhoseArtifactIsNotThereIsRetried) {
  bench_.artifact_exists = [](const std::string&) { return false; };
  bench_.submit(testing::small_study());
  worker_ = bench_.connect("i", 1, {}, {"train_model"});
  finish(worker_.link->assignments().at(0), testing::result_for(worker_.link->assignments()[0]));
  bench_.artifact_exists = [](const std::string&) { return true; };
  bench_.pass(std::chrono::seconds(2));
  const rpc::Assignment again = worker_.link->assignments().at(1);
  EXPECT_EQ(value_of(again.attempt.attempt), 2U);
  finish(again, testing::result_for(again));
  const Json job = bench_.reads->job(again.attempt.key.str());
  EXPECT_EQ(job["state"], "succeeded");
  ASSERT_EQ(job["attempts"].size(), 2U);
  EXPECT_EQ(job["attempts"][0]["error"]["code"], "artifact_missing");
  EXPECT_EQ(job["artifacts"][0]["name"], "model");
  EXPECT_EQ(job["result"]["metrics"]["final_loss"], 0.5);
  EXPECT_TRUE(bench_.reads->artifact_of(again.attempt.key.str(), "model").has_value());
}

TEST_F(Results, JobsComeFailedFirstInPages) {
  bench_.submit_noop("n", 5);
  const FakeWorker worker = bench_.connect("j");
  bench_.tell(worker, {Bench::success(worker.link->assignments().at(0).attempt)});
  bench_.tell(worker, {Bench::failure(worker.link->assignments().at(1).attempt, "invalid_data", false)});
  std::vector<std::string> states;
  PageRequest page{"", 2};
  do {
    const Json answer = bench_.reads->jobs({"n", "", "noop"}, page);
    for (const Json& job : answer["items"])
      states.push_back(job["state"]);
    page.cursor = answer["next_cursor"].is_null() ? "" : answer["next_cursor"].get<std::string>();
  } while (!page.cursor.empty());
  EXPECT_THAT(states, ::testing::ElementsAre("failed", "running", "queued", "queued", "succeeded"));
  EXPECT_EQ(bench_.number("SELECT COUNT(*) FROM jobs WHERE state = 'queued'"), 2);
  EXPECT_EQ(bench_.number("SELECT COUNT(*) FROM jobs WHERE state = 'cancelled'"), 0);
  EXPECT_THROW(bench_.reads->jobs({"", "odd", ""}, {}), Error);
  EXPECT_THROW(bench_.reads->jobs({}, {"abc", 10}), Error);
  EXPECT_THROW(bench_.reads->job(std::string(64, '0')), Error);
  EXPECT_THROW(bench_.reads->study("nothing"), Error);
}

TEST_F(Results, AWorkerOfManySmallJobsListsTheFirstOfThem) {
  bench_.submit_noop("n", 70);
  bench_.connect("j", 64);
  const Json worker = bench_.reads->workers().at("items").at(0);
  EXPECT_EQ(worker.at("running_total"), 64);
  EXPECT_EQ(worker.at("running").size(), 50U);
}

TEST_F(Results, StudiesComeNewestFirstInPages) {
  for (const char* name : {"a", "b", "c"})
    bench_.submit_noop(name, 1);
  const Json first = bench_.reads->studies({"", 2});
  EXPECT_EQ(first["items"][0]["name"], "c");
  const Json second = bench_.reads->studies({first["next_cursor"].get<std::string>(), 2});
  ASSERT_EQ(second["items"].size(), 1U);
  EXPECT_EQ(second["items"][0]["name"], "a");
  EXPECT_EQ(second["next_cursor"], nullptr);
}

}  // namespace
}  // namespace checkerlab::coordinator
