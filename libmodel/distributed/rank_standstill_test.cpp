// Ranks whose process is there but does not run. The other end of the socket is the test, which beats or does not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include "base/error.hpp"
#include "libmodel/distributed/rank_socket.hpp"
#include "libmodel/distributed/socket_ranks.hpp"

namespace checkerlab::model {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr auto kStandstill = 500ms;

// Rank 0 of two; the other end speaks the frames by hand.
struct OtherEnd {
  OtherEnd() : sockets(make_rank_sockets(2)) {
    rank0 =
        make_socket_rank({.rank = 0, .size = 2, .timeout = 10min, .standstill = kStandstill}, std::move(sockets[0]));
  }
  void say(FrameKind kind, std::uint64_t number = 0) {
    FrameHeader header{.kind = kind, .type = static_cast<std::uint32_t>(c10::kLong), .number = number};
    ASSERT_EQ(::send(sockets[1][0].get(), &header, sizeof header, MSG_NOSIGNAL), ssize_t{sizeof header});
  }
  FrameKind hear() {
    FrameHeader header;
    EXPECT_EQ(::recv(sockets[1][0].get(), &header, sizeof header, MSG_WAITALL), ssize_t{sizeof header});
    return header.kind;
  }

  std::vector<std::vector<Descriptor>> sockets;
  std::unique_ptr<Communicator> rank0;
};

std::string failure_of(Communicator& rank) {
  try {
    for (;;)
      rank.patient_barrier();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::unavailable);
    return error.what();
  }
}

TEST(RankStandstill, WhoIsWaitedForInVainIsGivenUpLongBeforeTheTimeOut) {
  OtherEnd other;
  other.say(FrameKind::beat);
  EXPECT_THAT(failure_of(*other.rank0), HasSubstr("rank 1 stands still"));
}

TEST(RankStandstill, ItIsNoticedWhileNobodyWaitsToo) {
  OtherEnd other;
  other.say(FrameKind::beat);
  while (other.hear() == FrameKind::beat) {
  }  // until rank 0 says why it gives up
  EXPECT_THROW(other.rank0->throw_if_failed(), Error);
}

TEST(RankStandstill, WhoBeatsMayTakeItsTime) {
  OtherEnd other;
  const auto barrier = other.rank0->all_reduce_sum({});
  // Each beat of rank 0 is answered: fifteen take more than twice what it takes to be given up.
  for (int beats = 0; beats < 15; ++beats) {
    ASSERT_EQ(other.hear(), FrameKind::beat);
    other.say(FrameKind::beat);
  }
  other.say(FrameKind::sum);
  barrier->wait();
  other.rank0->throw_if_failed();
}

TEST(RankStandstill, WhoHasNotBegunMayLoadForLong) {
  OtherEnd other;
  const auto barrier = other.rank0->all_reduce_sum({});
  for (int beats = 0; beats < 12; ++beats)
    ASSERT_EQ(other.hear(), FrameKind::beat);
  other.say(FrameKind::sum);
  barrier->wait();
}

}  // namespace
}  // namespace checkerlab::model
