#include "worker/jobs/observer_bridge.hpp"

#include <gtest/gtest.h>

#include <map>
#include <vector>

namespace checkerlab::worker {
namespace {

class CurveContext final : public JobContext {
 public:
  void progress(std::int64_t, std::int64_t, std::string_view, std::string_view) override {}
  void curve(std::string_view series, std::int64_t step, double) override {
    steps[std::string(series)].push_back(step);
  }
  void log(std::string_view, std::string_view) override {}
  void checkpoint(std::int64_t, const std::filesystem::path&) override {}
  bool cancelled() const override { return false; }
  void listening(const std::string&, int) override {}
  GangAddressCommand wait_for_rank_zero() override { return {}; }

  std::map<std::string, std::vector<std::int64_t>> steps;
};

// Each series by itself: one that only has points now and then keeps them, whatever their steps are.
TEST(ObserverBridge, ThinsLongCurvesEach) {
  CurveContext context;
  ObserverBridge bridge(context, "scratch", std::chrono::duration<double>(60));
  bridge.progress(0, 20'000, "steps");
  for (std::int64_t step = 0; step < 20'000; ++step) {
    bridge.curve("loss", step, 1);
    if (step % 100 == 15) bridge.curve("images_per_second", step, 1);
  }
  EXPECT_EQ(context.steps["loss"].size(), 2000U);
  EXPECT_EQ(context.steps["loss"][1], 10);
  EXPECT_EQ(context.steps["images_per_second"].size(), 200U);
}

}  // namespace
}  // namespace checkerlab::worker
