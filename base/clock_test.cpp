#include "base/clock.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace checkerlab {
namespace {

using namespace std::chrono;

TEST(Clock, WritesAndReadsRfc3339) {
  const UtcTime time = sys_days{2026y / November / 23} + 10h + 5min + 9s + 7ms;
  EXPECT_EQ(rfc3339(time), "2026-11-23T10:05:09.007Z");
  EXPECT_EQ(parse_rfc3339(rfc3339(time)), time);
  EXPECT_EQ(parse_rfc3339("2026-11-23T10:05:09Z"), time - 7ms);
}

TEST(Clock, RefusesWhatIsNoTime) {
  for (const char* text : {"", "yesterday", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-01-01T25:00:00Z",
                           "2026-01-01T00:00:00Z trailing", "2026-01-01"}) {
    EXPECT_THROW(parse_rfc3339(text), Error) << text;
  }
}

TEST(ManualClock, MovesOnlyByHand) {
  ManualClock clock{sys_days{2026y / January / 1}};
  const auto steady = clock.steady();
  clock.advance(1500ms);
  EXPECT_EQ(clock.steady() - steady, 1500ms);
  EXPECT_EQ(rfc3339(clock.utc()), "2026-01-01T00:00:01.500Z");
}

}  // namespace
}  // namespace checkerlab
