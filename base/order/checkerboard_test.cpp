#include "base/order/checkerboard.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "base/error.hpp"

namespace checkerlab {
namespace {

TEST(Checkerboard, IsTheOrderOfTheReleasedImplementation) {
  std::ifstream stream(CHECKERLAB_TEST_DATA "/golden_model/orders.json");
  const auto golden = nlohmann::json::parse(stream);
  for (const auto& [side, rows] : golden.at("rank").items()) {
    std::vector<std::int64_t> wanted;
    for (const auto& row : rows)
      for (const std::int64_t rank : row)
        wanted.push_back(rank);
    EXPECT_EQ(checkerboard_rank(std::stoi(side)), wanted) << side;
  }
}

TEST(Checkerboard, RefusesAGridWithoutAnOrder) {
  EXPECT_THROW(checkerboard_scan(0), Error);
  EXPECT_THROW(checkerboard_scan(kMaxGrid + 1), Error);
}

}  // namespace
}  // namespace checkerlab
