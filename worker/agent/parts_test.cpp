// The small parts of the agent.
#include <gmock/gmock.h>

#include "worker/agent/backoff.hpp"
#include "worker/agent/log_tail.hpp"
#include "worker/agent/outbox.hpp"
#include "worker/agent/testing/fake_coordinator.hpp"

namespace checkerlab::worker {
namespace {

using testing::only;

TEST(Backoff, DoublesUpToTheLongestWithJitter) {
  Backoff backoff({std::chrono::milliseconds(100), std::chrono::milliseconds(400)}, 1);
  for (const int delay : {100, 200, 400, 400}) {
    const auto next = backoff.next();
    EXPECT_GE(next, std::chrono::milliseconds(delay / 2));
    EXPECT_LE(next, std::chrono::milliseconds(delay));
  }
  backoff.reset();
  EXPECT_LE(backoff.next(), std::chrono::milliseconds(100));
}

TEST(LogTail, KeepsTheLastLines) {
  LogTail tail;
  for (std::size_t i = 0; i < LogTail::kLines + 5; ++i)
    tail.add(std::to_string(i));
  EXPECT_EQ(tail.lines().size(), LogTail::kLines);
  EXPECT_EQ(tail.lines().front(), "5");
}

TEST(Outbox, KeepsTheLatestProgressAndEveryPoint) {
  const AttemptId id{JobKey("k"), AttemptNumber{1}};
  Outbox outbox;
  outbox.add(ProgressEvent{id, 1, 10, "steps", ""});
  outbox.add(ProgressEvent{id, 2, 10, "steps", ""});
  outbox.add(CurveEvent{id, {{"loss", 1, 0.5}}});
  outbox.add(CurveEvent{id, {{"loss", 2, 0.4}}});
  const auto messages = outbox.take_all();
  ASSERT_EQ(only<rpc::Progress>(messages).size(), 1U);
  EXPECT_EQ(only<rpc::Progress>(messages).front().done, 2);
  EXPECT_EQ(only<rpc::Curve>(messages).front().points.size(), 2U);
  EXPECT_TRUE(outbox.empty());
}

TEST(Outbox, SaysHowManyLinesItLeftOut) {
  const AttemptId id{JobKey("k"), AttemptNumber{1}};
  Outbox outbox;
  for (std::size_t i = 0; i < Outbox::kMostLines + 3; ++i)
    outbox.add(id, {"", "info", std::to_string(i)});
  const auto log = only<rpc::Log>(outbox.take(id)).front();
  EXPECT_EQ(log.lines.size(), Outbox::kMostLines + 1);
  EXPECT_EQ(log.lines.front().text, "3 lines left out");
  EXPECT_EQ(log.lines.back().text, std::to_string(Outbox::kMostLines + 2));
}

}  // namespace
}  // namespace checkerlab::worker
