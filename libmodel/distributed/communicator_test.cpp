#include "libmodel/distributed/communicator.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include <atomic>
#include <future>

#include "base/error.hpp"
#include "libmodel/distributed/testing/on_ranks.hpp"

namespace checkerlab::model {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class Ranks : public testing::TestWithParam<RanksKind> {
 protected:
  RankSet make(int size, std::chrono::milliseconds timeout = 30s) { return make_ranks(GetParam(), size, timeout); }
};

TEST_P(Ranks, knowWhoTheyAre) {
  std::vector<int> seen(3);
  on_ranks(make(3), [&](Communicator& ranks) {
    EXPECT_EQ(ranks.size(), 3);
    seen[static_cast<std::size_t>(ranks.rank())] = ranks.rank();
  });
  EXPECT_EQ(seen, (std::vector<int>{0, 1, 2}));
}

TEST_P(Ranks, sumInTheOrderOfTheRanks) {
  // (1e8 + -1e8) + 1 = 1, every other order gives 0 in fp32.
  const std::vector<float> terms{1e8F, -1e8F, 1.F};
  std::vector<at::Tensor> sums(3);
  on_ranks(make(3), [&](Communicator& ranks) {
    const auto rank = static_cast<std::size_t>(ranks.rank());
    sums[rank] = torch::full({700, 1000}, terms[rank]);
    ranks.all_reduce_sum({sums[rank]})->wait();
  });
  for (const auto& sum : sums) {
    EXPECT_TRUE(torch::equal(sum, torch::ones({700, 1000})));
  }
}

TEST_P(Ranks, sumSeveralTensorsAtOnceAndSeveralOperationsInTurn) {
  on_ranks(make(2), [](Communicator& ranks) {
    const auto a = torch::full({3}, ranks.rank() + 1, torch::kInt64), b = torch::full({2, 2}, 10, torch::kInt64);
    const auto empty = torch::zeros({0}, torch::kInt64);
    const auto c = torch::full({1}, 0.25, torch::kFloat64);
    const auto first = ranks.all_reduce_sum({a, empty, b});
    const auto second = ranks.all_reduce_sum({c});
    second->wait();
    first->wait();
    EXPECT_TRUE(torch::equal(a, torch::full({3}, 3, torch::kInt64)));
    EXPECT_TRUE(torch::equal(b, torch::full({2, 2}, 20, torch::kInt64)));
    EXPECT_EQ(c.item<double>(), 0.5);
  });
}

TEST_P(Ranks, broadcastRankZerosTensorsOfAnyType) {
  on_ranks(make(3), [](Communicator& ranks) {
    const auto bytes = torch::full({5}, ranks.rank() + 7, torch::kUInt8);
    ranks.broadcast({bytes});
    EXPECT_TRUE(torch::equal(bytes, torch::full({5}, 7, torch::kUInt8)));
  });
}

TEST_P(Ranks, nobodyPassesABarrierBeforeEverybodyCameToIt) {
  std::atomic<int> arrived = 0;
  on_ranks(make(3), [&](Communicator& ranks) {
    for (int round = 1; round <= 20; ++round) {
      ++arrived;
      ranks.barrier();
      EXPECT_GE(arrived, 3 * round);
      ranks.barrier();
    }
  });
}

TEST_P(Ranks, whoGivesUpStopsTheOthersWithItsReason) {
  const auto errors = errors_on_ranks(make(3, 10min), [](Communicator& ranks) {
    if (ranks.rank() == 1) return ranks.abort("the disk is full");
    ranks.barrier();
  });
  for (const std::size_t rank : {0U, 2U}) {
    ASSERT_TRUE(errors[rank]) << rank;
    EXPECT_EQ(errors[rank]->code(), ErrorCode::unavailable);
    EXPECT_THAT(errors[rank]->what(), HasSubstr("rank 1"));
    EXPECT_THAT(errors[rank]->what(), HasSubstr("the disk is full"));
  }
}

TEST_P(Ranks, whoLeavesEarlyIsNamed) {
  const auto errors = errors_on_ranks(make(3, 10min), [](Communicator& ranks) {
    ranks.barrier();
    if (ranks.rank() != 2) ranks.barrier();
  });
  for (const std::size_t rank : {0U, 1U}) {
    ASSERT_TRUE(errors[rank]) << rank;
    EXPECT_EQ(errors[rank]->code(), ErrorCode::unavailable);
    EXPECT_THAT(errors[rank]->what(), HasSubstr("rank 2"));
  }
  EXPECT_FALSE(errors[2]);
}

// Rank 0 of two waits for rank 1 until the time-out is over.
std::vector<std::optional<Error>> wait_in_vain(RankSet ranks) {
  std::promise<void> over;
  return errors_on_ranks(std::move(ranks), [&](Communicator& own) {
    if (own.rank() == 1) return over.get_future().wait();
    try {
      own.barrier();
    } catch (...) {
      over.set_value();
      throw;
    }
  });
}

TEST_P(Ranks, silenceIsAnErrorAfterTheTimeOut) {
  const auto errors = wait_in_vain(make(2, 50ms));
  ASSERT_TRUE(errors[0]);
  EXPECT_EQ(errors[0]->code(), ErrorCode::timeout);
}

TEST_P(Ranks, aPatientBarrierOutlastsTheTimeOutButNotALeave) {
  const auto errors = errors_on_ranks(make(3, 10ms), [&](Communicator& ranks) {
    if (ranks.rank() == 1) wait_in_vain(make(2, 50ms));
    ranks.patient_barrier();
    if (ranks.rank() != 2) ranks.patient_barrier();
  });
  for (const std::size_t rank : {0U, 1U}) {
    ASSERT_TRUE(errors[rank]) << rank;
    EXPECT_EQ(errors[rank]->code(), ErrorCode::unavailable);
  }
  EXPECT_FALSE(errors[2]);
}

TEST_P(Ranks, aFailureStays) {
  on_ranks(make(2), [](Communicator& ranks) {
    if (ranks.rank() == 0) ranks.abort("over");
    EXPECT_THROW(ranks.barrier(), Error);
    EXPECT_THROW(ranks.barrier(), Error);
    EXPECT_THROW(ranks.throw_if_failed(), Error);
  });
}

TEST_P(Ranks, differentOperationsAreAnErrorNotAWrongResult) {
  const auto errors = errors_on_ranks(
      make(2), [](Communicator& ranks) { ranks.all_reduce_sum({torch::zeros({4 + ranks.rank()})})->wait(); });
  EXPECT_TRUE(errors[0] || errors[1]);
}

TEST_P(Ranks, refuseWhatTheyCannotSum) {
  on_ranks(make(1), [](Communicator& ranks) {
    EXPECT_THROW(ranks.all_reduce_sum({torch::zeros({2}, torch::kInt16)}), Error);
    EXPECT_THROW(ranks.all_reduce_sum({torch::zeros({2, 3}).t()}), Error);
    EXPECT_THROW(ranks.all_reduce_sum({torch::zeros({2}), torch::zeros({2}, torch::kFloat64)}), Error);
  });
}

INSTANTIATE_TEST_SUITE_P(Kinds, Ranks, testing::Values(RanksKind::threads, RanksKind::sockets, RanksKind::tcp),
                         [](const auto& test) { return to_string(test.param); });

}  // namespace
}  // namespace checkerlab::model
