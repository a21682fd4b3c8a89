#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <fstream>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "libmodel/order/blocks.hpp"
#include "libmodel/order/checkerboard.hpp"
#include "libmodel/order/layout.hpp"
#include "libmodel/order/scales.hpp"
#include "libmodel/random/philox.hpp"

namespace checkerlab::model {
namespace {

using nlohmann::json;
using testing::ElementsAre;

const json& golden() {
  static const json data = [] {
    std::ifstream stream(CHECKERLAB_TEST_DATA "/golden_model/orders.json");
    return json::parse(stream);
  }();
  return data;
}

TEST(Checkerboard, ranksAreTheReferences) {
  ASSERT_GE(golden()["rank"].size(), 10U);
  for (const auto& [side, rows] : golden()["rank"].items()) {
    std::vector<std::int64_t> expected;
    for (const json& row : rows) {
      for (const json& value : row) {
        expected.push_back(value);
      }
    }
    EXPECT_EQ(checkerboard_rank(std::stoi(side)), expected) << "side " << side;
  }
}

TEST(Checkerboard, scansAreTheReferences) {
  for (const auto& [side, scan] : golden()["scan"].items()) {
    EXPECT_EQ(checkerboard_scan(std::stoi(side)), scan.get<std::vector<std::int64_t>>()) << "side " << side;
  }
}

// What defines the order at a power of two: the first 4^k places of every aligned square of side n / 2^j are spread
// over its quadrants evenly, and the four quadrants come in the order top left, bottom right, top right, bottom left.
// Other sides keep the order of the next power of two.
TEST(Checkerboard, everySideUpTo64FollowsTheRule) {
  for (int side = 1; side <= 64; ++side) {
    const auto scan = checkerboard_scan(side), rank = checkerboard_rank(side);
    std::vector<std::int64_t> sorted = scan;
    std::sort(sorted.begin(), sorted.end());
    for (std::int64_t i = 0; i < std::int64_t{side} * side; ++i) {
      ASSERT_EQ(sorted[static_cast<std::size_t>(i)], i) << "side " << side;
      ASSERT_EQ(rank[static_cast<std::size_t>(scan[static_cast<std::size_t>(i)])], i) << "side " << side;
    }
    const int full = static_cast<int>(std::bit_ceil(static_cast<unsigned>(side)));
    std::int64_t earlier = -1;
    for (const std::int64_t place : scan) {
      // Two bits a level, the coarsest level in the lowest bits: that is the place in the whole order.
      std::int64_t key = 0;
      for (int half = full / 2, shift = 0; half >= 1; half /= 2, shift += 2) {
        const bool low = (place / side / half) % 2 == 1, right = (place % side / half) % 2 == 1;
        const std::int64_t quadrant = low ? (right ? 1 : 3) : (right ? 2 : 0);
        key |= quadrant << shift;
      }
      ASSERT_GT(key, earlier) << "side " << side;
      earlier = key;
    }
  }
}

TEST(Checkerboard, refusesSidesWithoutOrder) {
  EXPECT_THROW(checkerboard_rank(0), Error);
  EXPECT_THROW(checkerboard_scan(kMaxGrid + 1), Error);
}

TEST(Scales, sizesAndStepsAreTheReferences) {
  ASSERT_GE(golden()["scales"].size(), 10U);
  for (const json& entry : golden()["scales"]) {
    const auto ratio =
        entry["ratio_value"].is_null() ? std::optional<double>() : std::optional(entry["ratio_value"].get<double>());
    const auto sizes = scale_sizes(entry["G"], ratio);
    EXPECT_EQ(sizes, entry["sizes"].get<std::vector<int>>()) << entry["G"] << " " << entry["ratio"];
    EXPECT_EQ(token_count(sizes), entry["tokens"].get<std::int64_t>());
    for (const auto& [steps, expected] : entry["blocks"].items()) {
      const auto partitions = partitions_for_steps(sizes, std::stoi(steps));
      EXPECT_EQ(total_steps(sizes, std::stoi(steps)), expected["steps"].get<std::int64_t>());
      for (std::size_t i = 0; i < sizes.size(); ++i) {
        const auto lengths = partitions[i].block_lengths();
        EXPECT_EQ(partitions[i].block_size, expected["block_size"][i].get<std::int64_t>());
        EXPECT_EQ(lengths.size(), expected["steps_per_scale"][i].get<std::size_t>());
        EXPECT_EQ(lengths.back(), expected["last_block"][i].get<std::int64_t>());
      }
    }
  }
}

TEST(Scales, theWorkedExamplesOfTheDocumentation) {
  EXPECT_THAT(scale_sizes(16, parse_ratio("sqrt2")), ElementsAre(1, 2, 3, 4, 6, 8, 11, 16));
  EXPECT_THAT(scale_sizes(16, parse_ratio("3")), ElementsAre(1, 2, 5, 16));
  EXPECT_THAT(scale_sizes(16, parse_ratio("single")), ElementsAre(16));
  EXPECT_THAT(scale_sizes(8, 4.0), ElementsAre(1, 2, 8));
  EXPECT_EQ(total_steps(scale_sizes(16, 2.0), 4), 17);
  EXPECT_EQ(total_steps(scale_sizes(16, 4.0), 8), 17);
}

TEST(Scales, refusesRatiosThatCannotBe) {
  for (const char* text : {"1", "0.5", "-2", "nan", "inf", "two", "2x", ""}) {
    EXPECT_THROW(parse_ratio(text), Error) << text;
  }
  EXPECT_THROW(scale_sizes(0, 2.0), Error);
  EXPECT_THROW(partition_for_steps(4, 0), Error);
}

TEST(Scales, everyRatioAboveOneEnds) {
  for (const double ratio : {std::nextafter(1.0, 2.0), 1 + 1e-9, 1.001, 1.01}) {
    const auto sizes = scale_sizes(20, ratio);
    ASSERT_EQ(sizes.size(), 20U) << ratio;
    EXPECT_EQ(sizes.front(), 1);
  }
  EXPECT_THAT(scale_sizes(16, 1e300), ElementsAre(1, 16));
  for (int grid = 1; grid <= 64; ++grid) {
    for (const double ratio : {1.1, 1.3, 1.5, 2.0, 2.7, 5.5}) {
      const auto sizes = scale_sizes(grid, ratio);
      EXPECT_EQ(sizes.front(), 1);
      EXPECT_EQ(sizes.back(), grid);
      EXPECT_TRUE(std::adjacent_find(sizes.begin(), sizes.end(), std::greater_equal<>()) == sizes.end());
    }
  }
}

TEST(Scales, mayStopAtALargerSmallestScale) {
  EXPECT_THAT(scale_sizes(16, 2.0, 4), ElementsAre(4, 8, 16));
  EXPECT_THAT(scale_sizes(16, 2.0, 3), ElementsAre(2, 3, 4, 8, 16));  // the rule goes one step below
  EXPECT_THROW(scale_sizes(16, 2.0, 0), Error);
  EXPECT_THROW(scale_sizes(16, 2.0, 17), Error);
}

TEST(TrainingBlocks, everySizeHasTheAnalyticProbability) {
  ASSERT_GE(golden()["train_block_probability"].size(), 8U);
  for (const auto& [side, expected] : golden()["train_block_probability"].items()) {
    std::map<std::string, double> probability;
    const auto sizes = training_block_sizes(std::stoi(side));
    for (const std::int64_t size : sizes) {
      probability[std::to_string(size)] += 1.0 / static_cast<double>(sizes.size());
    }
    ASSERT_EQ(probability.size(), expected.size()) << "side " << side;
    for (const auto& [size, value] : expected.items()) {
      EXPECT_NEAR(probability[size], value.get<double>(), 1e-12) << "side " << side << " size " << size;
    }
  }
}

TEST(TrainingBlocks, drawsFollowTheDistribution) {
  constexpr int kSide = 8, kDraws = 60000;
  std::map<std::int64_t, int> counts;
  int joins = 0;
  for (int i = 0; i < kDraws; ++i) {
    const auto words = random_words(7, RandomDomain::training_blocks, static_cast<std::uint64_t>(i), 0, 3);
    const auto partition = draw_training_partition(kSide, words.x, words.y);
    ++counts[partition.block_size];
    joins += partition.remainder_joins ? 1 : 0;
  }
  ASSERT_EQ(counts.size(), 2U * kSide - 1);
  const double expected = kDraws / (2.0 * kSide - 1);
  double chi_squared = 0;
  for (const auto& [size, count] : counts) {
    chi_squared += (count - expected) * (count - expected) / expected;
  }
  EXPECT_LT(chi_squared, 36.1);  // 99.9th percentile at 14 degrees of freedom
  EXPECT_NEAR(joins, kDraws / 2.0, 4 * std::sqrt(kDraws) / 2);
}

TEST(BlockPartition, aRemainderFormsABlockOrJoinsTheLast) {
  BlockPartition partition{.side = 3, .block_size = 4};
  EXPECT_THAT(partition.block_lengths(), ElementsAre(4, 4, 1));
  partition.remainder_joins = true;
  EXPECT_THAT(partition.block_lengths(), ElementsAre(4, 5));
}

TEST(BlockLayout, previousAndVisibleOfASmallPyramid) {
  const ScaleLayout layout({1, 2});
  const BlockLayout blocks(layout, {{.side = 1, .block_size = 1}, {.side = 2, .block_size = 2}});
  EXPECT_THAT(layout.order, ElementsAre(0, 1, 4, 2, 3));
  EXPECT_THAT(blocks.previous, ElementsAre(BlockLayout::kEmpty, BlockLayout::kEmpty, BlockLayout::kEmpty, 1, 2));
  EXPECT_THAT(blocks.visible, ElementsAre(1, 3, 3, 5, 5));
}

}  // namespace
}  // namespace checkerlab::model
