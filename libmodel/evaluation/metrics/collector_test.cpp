#include "libmodel/evaluation/metrics/collector.hpp"

#include <gtest/gtest.h>
#include <torch/types.h>

#include <cmath>

#include "libmodel/modules/testing/expect_error.hpp"
#include "libmodel/random/draws.hpp"

namespace checkerlab::model {
namespace {

class CollectorTest : public testing::Test {
 protected:
  NetworkFeatures part(std::int64_t begin, std::int64_t end) const {
    return {pool_.slice(0, begin, end), spatial_.slice(0, begin, end), logits_.slice(0, begin, end)};
  }
  FeatureCollector collector(std::int64_t expected = 1300) const {
    return {expected, 10, {.pool = true, .spatial = true, .rows = true, .logits = true}, "the samples", at::kCPU};
  }

  at::Tensor pool_ = normal_tensor(3, RandomDomain::evaluation, 1, {1300, 5});
  at::Tensor spatial_ = normal_tensor(3, RandomDomain::evaluation, 2, {1300, 3});
  at::Tensor logits_ = normal_tensor(3, RandomDomain::evaluation, 3, {1300, 4});
};

TEST_F(CollectorTest, BatchSizeChangesNoBit) {
  auto one = collector(), many = collector();
  one.add(0, part(0, 1300));
  for (std::int64_t begin = 0; begin < 1300; begin += 13)
    many.add(begin, part(begin, begin + 13));
  const auto a = one.finish(), b = many.finish();
  EXPECT_EQ(a.size(), 1300);
  EXPECT_EQ(a.blocks, equal_blocks(1300, 10));
  EXPECT_TRUE(torch::equal(a.pool->moments_of(a.pool->all()).covariance, b.pool->moments_of(b.pool->all()).covariance));
  EXPECT_TRUE(torch::equal(b.rows, pool_));
  EXPECT_TRUE(torch::equal(b.logits, logits_));
}

TEST_F(CollectorTest, OrderChangesNoMoreThanRounding) {
  auto forward = collector(), back = collector();
  for (std::int64_t i = 0; i < 13; ++i) {
    forward.add(i * 100, part(i * 100, i * 100 + 100));
    back.add(1200 - i * 100, part(1200 - i * 100, 1300 - i * 100));
  }
  const auto a = forward.finish(), b = back.finish();
  EXPECT_TRUE(torch::allclose(a.spatial->moments_of(a.spatial->all()).covariance,
                              b.spatial->moments_of(b.spatial->all()).covariance, 1e-13, 1e-13));
  EXPECT_TRUE(torch::equal(a.rows, b.rows));
}

TEST_F(CollectorTest, EachBlockHasItsOwnRows) {
  auto all = collector();
  all.add(0, part(0, 1300));
  const auto collected = all.finish();
  const std::vector<std::size_t> third{3};
  const auto wanted = moments(accumulate(pool_.slice(0, 390, 520)));
  EXPECT_TRUE(torch::allclose(collected.pool->moments_of(third).covariance, wanted.covariance, 1e-12, 1e-12));
}

TEST_F(CollectorTest, FewerImagesShortenTheLastBlocks) {
  auto some = collector();
  some.add(0, part(0, 1190));
  const auto collected = some.finish();
  EXPECT_EQ(collected.size(), 1190);
  EXPECT_EQ(collected.blocks.size(), 10U);
  EXPECT_EQ(collected.blocks.back(), (IndexBlock{1170, 1190}));
  EXPECT_EQ(collected.pool->size(), 1190);
}

TEST_F(CollectorTest, RefusesGapsOverlapsAndOtherWidths) {
  auto some = collector();
  some.add(0, part(0, 100));
  some.add(0, part(0, 100));
  expect_error(ErrorCode::invalid_argument, "rows 50 ... 149 of the samples overlap the rows 0 ... 99",
               [&] { some.add(50, part(50, 150)); });
  expect_error(ErrorCode::invalid_argument, "beyond the 1300", [&] { some.add(1299, part(0, 2)); });
  expect_error(ErrorCode::invalid_argument, "3 wide here and 5 before", [&] {
    some.add(100, {spatial_.slice(0, 0, 5), spatial_.slice(0, 0, 5), logits_.slice(0, 0, 5)});
  });
  expect_error(ErrorCode::invalid_argument, "there is no spatial of the samples", [&] {
    some.add(100, {pool_.slice(0, 0, 5), {}, logits_.slice(0, 0, 5)});
  });
  some.add(200, part(200, 300));
  expect_error(ErrorCode::invalid_argument, "rows 100 ... 199 of the samples are missing", [&] { some.finish(); });
  auto none = collector();
  expect_error(ErrorCode::invalid_argument, "the samples have no rows", [&] { none.finish(); });
}

TEST_F(CollectorTest, NamesTheRowThatIsNotFinite) {
  auto some = collector();
  auto broken = part(100, 200);
  broken.spatial = broken.spatial.clone();
  broken.spatial[17][1] = std::nan("");
  expect_error(ErrorCode::not_finite, "row 117 of spatial of the samples", [&] { some.add(100, broken); });
}

}  // namespace
}  // namespace checkerlab::model
