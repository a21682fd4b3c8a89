// Ranks of a noop that are threads: they meet over the loopback.
#include "worker/runner/gang.hpp"

#include <gmock/gmock.h>

#include <future>

#include "base/error.hpp"
#include "worker/runner/noop.hpp"
#include "worker/runner/testing/gang_board.hpp"

namespace checkerlab::worker {
namespace {

using testing::BoardContext;
using testing::GangBoard;

RunCommand command(int rank, int size, const std::string& mode) {
  RunCommand command;
  command.spec = {{"kind", "noop"}, {"params", {{"index", 7}, {"mode", mode}}}};
  command.gang = GangPart{.seat = {.rank = rank, .size = size, .secret = "s"}, .listen_host = "127.0.0.1"};
  return command;
}

class NoopRanks : public ::testing::Test {
 protected:
  std::future<JobOutput> run(int rank, int size, const std::string& mode) {
    return std::async(std::launch::async, [this, rank, size, mode] {
      BoardContext context(board_, rank);
      WarmCache warm(1);
      return NoopJob().run(command(rank, size, mode), context, warm);
    });
  }

  static ErrorCode code_of(std::future<JobOutput> future) {
    try {
      future.get();
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::internal;
  }

  GangBoard board_;
};

TEST_F(NoopRanks, MeetAndEndTogetherWithOneResult) {
  auto zero = run(0, 3, "ok"), one = run(1, 3, "ok"), two = run(2, 3, "ok");
  EXPECT_EQ(zero.get().metrics.at("index"), 7);
  EXPECT_TRUE(one.get().metrics.empty());
  EXPECT_TRUE(two.get().metrics.empty());
}

TEST_F(NoopRanks, TheOthersEndWhenRankZeroFails) {
  auto zero = run(0, 2, "fail"), one = run(1, 2, "fail");
  EXPECT_EQ(code_of(std::move(zero)), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of(std::move(one)), ErrorCode::unavailable);
}

TEST_F(NoopRanks, TheOthersEndWhenOneIsStopped) {
  auto zero = run(0, 2, "hang"), one = run(1, 2, "hang");
  board_.wait_for_lines(2);  // both say that they are together
  board_.cancel(1);
  EXPECT_EQ(code_of(std::move(one)), ErrorCode::cancelled);
  EXPECT_EQ(code_of(std::move(zero)), ErrorCode::unavailable);
}

TEST_F(NoopRanks, AWrongSecretIsTriedAgainLater) {
  auto zero = run(0, 2, "ok");
  BoardContext context(board_, 1);
  auto wrong = command(1, 2, "ok");
  wrong.gang->seat.secret = "guess";
  try {
    meet_gang(*wrong.gang, context);
    FAIL() << "a stranger joined";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::unavailable);
  }
  run(1, 2, "ok").get();
  zero.get();
}

TEST_F(NoopRanks, AloneNobodyIsWaitedFor) {
  EXPECT_EQ(run(0, 1, "ok").get().metrics.at("index"), 7);
}

}  // namespace
}  // namespace checkerlab::worker
