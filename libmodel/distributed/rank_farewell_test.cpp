// What a rank says last arrives, whatever the others are doing then.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "libmodel/distributed/testing/other_end.hpp"

namespace checkerlab::model {
namespace {

using testing::HasSubstr;

Error failure_of(PendingOperation& operation) {
  try {
    operation.wait();
  } catch (const Error& error) {
    return error;
  }
  throw Error(ErrorCode::internal, "it did not fail");
}

// More than any socket holds: the rank is in the middle of sending it.
at::Tensor large() {
  return at::zeros({32 << 20}, at::kByte).view(at::kLong);
}

// Rank 1 sends to the test, which is rank 0 and takes no more than the first header.
std::unique_ptr<PendingOperation> begin_sum(const OtherEnd& other) {
  auto sum = other.real->all_reduce_sum({large()});
  while (other.hear().kind == FrameKind::beat) {
  }
  return sum;
}

TEST(RankFarewell, ItIsHeardInTheMiddleOfSending) {
  OtherEnd other(1);
  const auto sum = begin_sum(other);
  other.say(FrameKind::failure, "disk_full\nno space on rank 0");
  other.socket.reset();
  const Error error = failure_of(*sum);
  EXPECT_EQ(error.code(), ErrorCode::disk_full);
  EXPECT_THAT(error.what(), HasSubstr("no space on rank 0"));
}

TEST(RankFarewell, WhoGoesWithoutAWordIsGone) {
  OtherEnd other(1);
  const auto sum = begin_sum(other);
  other.socket.reset();
  const Error error = failure_of(*sum);
  EXPECT_EQ(error.code(), ErrorCode::unavailable);
  EXPECT_THAT(error.what(), HasSubstr("rank 0 is gone"));
}

}  // namespace
}  // namespace checkerlab::model
