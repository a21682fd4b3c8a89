#include "base/suggestion.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace checkerlab {
namespace {

const std::vector<std::string> kNames{"ratios", "steps_per_scale", "guidance"};

TEST(Suggestion, FindsTheNearestName) {
  EXPECT_EQ(nearest_name("ratio", kNames), "ratios");
  EXPECT_EQ(nearest_name("steps_per_scales", kNames), "steps_per_scale");
  EXPECT_EQ(nearest_name("giudance", kNames), "guidance");
}

TEST(Suggestion, KeepsQuietWhenNothingIsNear) {
  EXPECT_EQ(nearest_name("temperature", kNames), std::nullopt);
  EXPECT_EQ(nearest_name("ratios", {}), std::nullopt);
}

}  // namespace
}  // namespace checkerlab
