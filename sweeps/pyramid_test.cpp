#include "sweeps/pyramid.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "sweeps/testing/texts.hpp"

namespace checkerlab::sweeps {
namespace {

using Json = nlohmann::json;

// Scale sizes and steps as the released implementation computes them.
const Json& golden() {
  static const Json document = Json::parse(testing::repository_file("tests/data/orders_subset.json"));
  return document.at("scales");
}

TEST(Pyramid, SizesAgreeWithTheReleasedImplementation) {
  ASSERT_EQ(golden().size(), 15u);
  for (const Json& scale : golden()) {
    const Ratio ratio = ratio_named(scale.at("ratio").get<std::string>());
    EXPECT_EQ(Json(scale_sizes(scale.at("G"), ratio)), scale.at("sizes")) << scale.at("G") << " " << ratio.text;
    EXPECT_EQ(ratio.value ? Json(*ratio.value) : Json(), scale.at("ratio_value"));
  }
}

TEST(Pyramid, BlocksAndStepsAgreeWithTheReleasedImplementation) {
  for (const Json& scale : golden()) {
    const std::vector<int> sizes = scale.at("sizes");
    for (const auto& [steps, expected] : scale.at("blocks").items()) {
      EXPECT_EQ(total_steps(sizes, std::stoi(steps)), expected.at("steps").get<int>())
          << scale.at("ratio") << " " << steps;
      for (std::size_t i = 0; i < sizes.size(); ++i)
        EXPECT_EQ(block_size(sizes[i], std::stoi(steps)), expected.at("block_size").at(i).get<int>());
    }
  }
}

TEST(Pyramid, CanonicalStepsKeepTheBlocksAndAreTheLargestToDoSo) {
  for (const Json& scale : golden()) {
    const std::vector<int> sizes = scale.at("sizes");
    const auto blocks = [&](int steps) {
      std::vector<int> list;
      for (const int side : sizes)
        list.push_back(block_size(side, steps));
      return list;
    };
    const int most = sizes.back() * sizes.back();
    for (int steps = 1; steps <= most; ++steps) {
      const int canonical = canonical_steps(sizes, steps);
      EXPECT_GE(canonical, steps);
      EXPECT_EQ(blocks(canonical), blocks(steps)) << scale.at("ratio") << " " << steps;
      EXPECT_TRUE(canonical == most || blocks(canonical + 1) != blocks(steps)) << scale.at("ratio") << " " << steps;
    }
  }
}

TEST(Pyramid, PowersOfTwoAreCanonical) {
  for (const int steps : {1, 2, 4, 8, 16, 64, 256})
    EXPECT_EQ(canonical_steps(std::vector<int>{16}, steps), steps);
  EXPECT_EQ(canonical_steps(std::vector<int>{8}, 48), 64);
}

TEST(Pyramid, TokenizerSizesDoNotDependOnTheSweep) {
  EXPECT_EQ(tokenizer_sizes(16), (std::vector<int>{1, 2, 3, 4, 5, 6, 8, 11, 16}));
  EXPECT_EQ(tokenizer_sizes(8), (std::vector<int>{1, 2, 3, 4, 6, 8}));
}

TEST(Pyramid, RatiosHaveOneName) {
  EXPECT_EQ(ratio_of(2.0), ratio_named("2"));
  EXPECT_EQ(ratio_named("2.50").text, "2.5");
  EXPECT_EQ(ratio_named("single").value, std::nullopt);
  for (const char* text : {"1", "0.5", "-2", "sqrt3", "", "2x", "inf", "nan"})
    EXPECT_THROW(ratio_named(text), Error) << text;
}

}  // namespace
}  // namespace checkerlab::sweeps
