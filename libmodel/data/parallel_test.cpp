#include "libmodel/data/parallel.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <numeric>
#include <stdexcept>
#include <vector>

namespace checkerlab::model {
namespace {

TEST(ParallelFor, CallsEveryIndexOnce) {
  for (const std::int64_t threads : {1, 3, 100}) {
    std::vector<std::atomic<int>> calls(50);
    parallel_for(50, threads, [&](std::int64_t i) { ++calls[static_cast<std::size_t>(i)]; });
    for (const auto& count : calls)
      EXPECT_EQ(count, 1);
  }
}

TEST(ParallelFor, ThrowsWhatACallThrows) {
  std::atomic<int> calls = 0;
  const auto work = [&](std::int64_t i) {
    ++calls;
    if (i == 3) throw std::runtime_error("three");
  };
  EXPECT_THROW(parallel_for(1000, 1, work), std::runtime_error);
  EXPECT_EQ(calls, 4);
  EXPECT_THROW(parallel_for(1000, 4, work), std::runtime_error);
}

}  // namespace
}  // namespace checkerlab::model
