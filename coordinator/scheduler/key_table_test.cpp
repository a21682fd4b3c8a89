#include "coordinator/scheduler/key_table.hpp"

#include <gtest/gtest.h>

namespace checkerlab::coordinator::scheduler {
namespace {

// Keys whose first bytes, by which they are placed, are the same for every number with the same remainder.
Key crowded_key(std::uint32_t number) {
  Key key{};
  key[0] = static_cast<std::uint8_t>(number % 3);
  key[4] = static_cast<std::uint8_t>(number % 5);
  key[30] = static_cast<std::uint8_t>(number >> 8U);
  key[31] = static_cast<std::uint8_t>(number);
  return key;
}

TEST(KeyTable, FindsEveryKeyAmongThoseThatWantTheSamePlace) {
  constexpr std::uint32_t kJobs = 2'000;
  KeyTable table;
  const auto key_of = [](JobIndex job) { return crowded_key(static_cast<std::uint32_t>(job)); };
  EXPECT_EQ(table.find(crowded_key(0), key_of), std::nullopt);
  for (std::uint32_t job = 0; job < kJobs; ++job)
    table.insert(static_cast<JobIndex>(job), key_of);
  EXPECT_EQ(table.size(), kJobs);
  for (std::uint32_t job = 0; job < kJobs; ++job)
    ASSERT_EQ(table.find(crowded_key(job), key_of), static_cast<JobIndex>(job));
  for (std::uint32_t other = kJobs; other < kJobs + 100; ++other)
    ASSERT_EQ(table.find(crowded_key(other), key_of), std::nullopt);
}

TEST(KeyTable, RoomMadeLateKeepsWhatIsThere) {
  KeyTable table;
  const auto key_of = [](JobIndex job) { return crowded_key(static_cast<std::uint32_t>(job)); };
  table.insert(JobIndex{7}, key_of);
  table.reserve(10'000, key_of);
  EXPECT_EQ(table.find(crowded_key(7), key_of), JobIndex{7});
  EXPECT_EQ(table.find(crowded_key(8), key_of), std::nullopt);
}

}  // namespace
}  // namespace checkerlab::coordinator::scheduler
