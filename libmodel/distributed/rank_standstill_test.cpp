// Ranks whose process is there but does not run. The other end of the socket is the test, which beats or does not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "libmodel/distributed/testing/other_end.hpp"

namespace checkerlab::model {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr auto kSoon = 300ms;
// So long that a test that is held up on a busy machine is not given up.
constexpr auto kPatient = 3s;

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
  const OtherEnd other(0, kSoon);
  other.say(FrameKind::beat);
  EXPECT_THAT(failure_of(*other.real), HasSubstr("rank 1 stands still"));
}

TEST(RankStandstill, ItIsNoticedWhileNobodyWaitsToo) {
  const OtherEnd other(0, kSoon);
  other.say(FrameKind::beat);
  while (other.hear().kind == FrameKind::beat) {
  }  // until rank 0 says why it gives up
  EXPECT_THROW(other.real->throw_if_failed(), Error);
}

TEST(RankStandstill, WhoBeatsMayTakeItsTime) {
  const OtherEnd other(0, kPatient);
  const auto barrier = other.real->all_reduce_sum({});
  // Each beat of rank 0 is answered: eight take longer than it takes to be given up.
  for (int beats = 0; beats < 8; ++beats) {
    ASSERT_EQ(other.hear().kind, FrameKind::beat);
    other.say(FrameKind::beat);
  }
  other.say(FrameKind::sum);
  barrier->wait();
  other.real->throw_if_failed();
}

TEST(RankStandstill, WhoHasNotBegunMayLoadForLong) {
  const OtherEnd other(0, kSoon);
  const auto barrier = other.real->all_reduce_sum({});
  for (int beats = 0; beats < 12; ++beats)
    ASSERT_EQ(other.hear().kind, FrameKind::beat);
  other.say(FrameKind::sum);
  barrier->wait();
}

}  // namespace
}  // namespace checkerlab::model
