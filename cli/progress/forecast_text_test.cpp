#include "cli/progress/forecast_text.hpp"

#include <gtest/gtest.h>

namespace checkerlab::cli {
namespace {

using Json = nlohmann::json;

Json range(double low, double likely, double high) {
  return {{"low", low}, {"likely", likely}, {"high", high}};
}

Json forecast(long long slots, const Json& gpu, const Json& train_seconds) {
  return {{"jobs", 4},
          {"slots", slots},
          {"stages", {{{"kind", "train_model"}, {"seconds", train_seconds}}}},
          {"worker_seconds", range(7200, 14400, 21600)},
          {"gpu_seconds", gpu},
          {"wall_seconds", slots > 0 ? range(3600, 7200, 10800) : Json()}};
}

TEST(ForecastText, TellsTimeAndGpuHoursWithTheirRange) {
  EXPECT_EQ(forecast_text(forecast(2, range(7200, 14400, 21600), range(1, 2, 3))),
            "Time left: 2 h 00 min (1 h 00 min to 3 h 00 min) with 2 slots, 4 GPU-hours (2 to 6).");
}

TEST(ForecastText, TellsWhatHasNotBeenMeasured) {
  EXPECT_EQ(forecast_text(forecast(1, range(0, 0, 0), nullptr)),
            "Time left: 2 h 00 min (1 h 00 min to 3 h 00 min) with 1 slot; not measured yet: train model.");
  Json nothing = forecast(1, range(0, 0, 0), nullptr);
  nothing["worker_seconds"] = range(0, 0, 0);
  EXPECT_EQ(forecast_text(nothing), "Time left: not known; not measured yet: train model.");
}

TEST(ForecastText, TellsThatNobodyWorks) {
  EXPECT_EQ(forecast_text(forecast(0, range(0, 0, 0), range(1, 2, 3))),
            "Work left: 4 h 00 min (2 h 00 min to 6 h 00 min) of one slot; none is online.");
}

TEST(ForecastText, NothingLeftIsNoText) {
  EXPECT_EQ(forecast_text({{"jobs", 0}}), "");
}

}  // namespace
}  // namespace checkerlab::cli
