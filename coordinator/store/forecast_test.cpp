#include "coordinator/store/forecast.hpp"

#include <gtest/gtest.h>

namespace checkerlab::coordinator {
namespace {

using Json = nlohmann::json;

OpenStage stage(double jobs, std::vector<LikeJob> like) {
  return {"train_model", jobs, 1, std::move(like), "study"};
}

TEST(Forecast, ReckonsFromLikeJobs) {
  const Json all = forecast_document({stage(10, {{100, 1, true}, {110, 1, true}, {90, 1, true}})}, 2);
  EXPECT_EQ(all["jobs"], 10);
  EXPECT_TRUE(all["complete"]);
  EXPECT_NEAR(all["worker_seconds"]["likely"], 1'000, 1e-6);
  EXPECT_NEAR(all["gpu_seconds"]["likely"], 1'000, 1e-6);
  EXPECT_NEAR(all["wall_seconds"]["likely"], 500, 1e-6);
  EXPECT_LT(all["worker_seconds"]["low"], 1'000);
  EXPECT_GT(all["worker_seconds"]["high"], 1'000);
}

TEST(Forecast, MoreMeasurementsNarrowTheRange) {
  std::vector<LikeJob> many;
  for (int i = 0; i < 100; ++i)
    many.push_back({i % 2 == 0 ? 90.0 : 110.0, 1, false});
  const auto width = [](const Json& range) { return range["high"].get<double>() - range["low"].get<double>(); };
  const Json few = forecast_document({stage(50, {{90, 1, false}, {110, 1, false}})}, 1);
  const Json more = forecast_document({stage(50, many)}, 1);
  EXPECT_LT(width(more["worker_seconds"]), width(few["worker_seconds"]) / 2);
  EXPECT_EQ(more["gpu_seconds"]["high"], 0);
}

TEST(Forecast, CarriesTheTimeOverToJobsOfAnotherSize) {
  OpenStage large = stage(1, {{10, 2, false}, {10, 2, false}});
  large.work = 20;
  EXPECT_NEAR(forecast_document({large}, 1)["worker_seconds"]["likely"], 100, 1e-6);
}

TEST(Forecast, IsNeverShorterThanTheChainOfOneJobOfEachStage) {
  const Json all = forecast_document({stage(1, {{60, 1, false}}), stage(2, {{30, 1, false}})}, 100);
  EXPECT_NEAR(all["wall_seconds"]["likely"], 90, 1e-6);
}

TEST(Forecast, CountsTheTimeOfAllWhoDoAJobTogether) {
  const Json all = forecast_document({stage(1, {{60, 1, true, 4}})}, 4);
  EXPECT_NEAR(all["worker_seconds"]["likely"], 240, 1e-6);
  EXPECT_NEAR(all["gpu_seconds"]["likely"], 240, 1e-6);
  EXPECT_NEAR(all["wall_seconds"]["likely"], 60, 1e-6);
}

TEST(Forecast, SaysWhatIsNotKnown) {
  const Json all = forecast_document({stage(3, {}), stage(1, {{60, 1, false}})}, 0);
  EXPECT_FALSE(all["complete"]);
  EXPECT_TRUE(all["stages"][0]["seconds"].is_null());
  EXPECT_TRUE(all["wall_seconds"].is_null());
  EXPECT_NEAR(all["worker_seconds"]["likely"], 60, 1e-6);
}

TEST(Forecast, NothingLeftTakesNoTime) {
  const Json all = forecast_document({stage(0, {})}, 1);
  EXPECT_TRUE(all["complete"]);
  EXPECT_EQ(all["wall_seconds"]["high"], 0);
}

}  // namespace
}  // namespace checkerlab::coordinator
