#include "libmodel/distributed/agreement.hpp"

#include <gtest/gtest.h>

#include <array>

#include "base/error.hpp"
#include "libmodel/distributed/testing/on_ranks.hpp"

namespace checkerlab::model {
namespace {

TEST(StopAgreement, allRanksStopAtTheSameBoundary) {
  std::array<int, 3> stopped{};
  on_ranks(make_ranks(RanksKind::sockets, 3), [&](Communicator& ranks) {
    StopAgreement agreement(ranks);
    for (int step = 1; step <= 20; ++step) {
      const bool wish = ranks.rank() == 1 && step == 5;
      if (!agreement.agreed(wish)) continue;
      stopped[static_cast<std::size_t>(ranks.rank())] = step;
      return;
    }
  });
  EXPECT_EQ(stopped, (std::array<int, 3>{6, 6, 6}));
}

TEST(StopAgreement, oneRankStopsAtOnce) {
  SingleRank alone;
  StopAgreement agreement(alone);
  EXPECT_FALSE(agreement.agreed(false));
  EXPECT_TRUE(agreement.agreed(true));
}

TEST(TextOfRankZero, comesToEveryRank) {
  on_ranks(make_ranks(RanksKind::sockets, 3), [](Communicator& ranks) {
    EXPECT_EQ(text_of_rank_zero(ranks, ranks.rank() == 0 ? "a path" : "something else"), "a path");
    EXPECT_EQ(text_of_rank_zero(ranks, ""), "");
  });
}

TEST(SameOnAllRanks, namesTheRankThatDiffers) {
  const auto errors = errors_on_ranks(make_ranks(RanksKind::threads, 3), [](Communicator& ranks) {
    expect_same_on_all_ranks(ranks, "seed 1", "settings");
    expect_same_on_all_ranks(ranks, ranks.rank() == 2 ? "seed 2" : "seed 1", "settings");
  });
  EXPECT_FALSE(errors[0] || errors[1]);
  ASSERT_TRUE(errors[2]);
  EXPECT_EQ(errors[2]->code(), ErrorCode::version_mismatch);
  EXPECT_NE(std::string(errors[2]->what()).find("rank 2 has other settings"), std::string::npos);
}

}  // namespace
}  // namespace checkerlab::model
