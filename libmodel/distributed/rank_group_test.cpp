#include "libmodel/distributed/rank_group.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "base/error.hpp"
#include "libmodel/distributed/rank_report.hpp"

namespace checkerlab::model {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

// Ranks that are shell scripts: rank and size are in the environment, descriptor 3 takes the report.
RankGroupOptions shell(const std::string& script, int size) {
  RankGroupOptions options{.command = {"/bin/sh", "-c", script}, .size = size};
  return options;
}

std::optional<Error> run(const RankGroupOptions& options) {
  try {
    run_rank_group(options);
  } catch (const Error& error) {
    return error;
  }
  return std::nullopt;
}

TEST(RankGroup, runsEveryRankOnceAndGivesItsLines) {
  auto options = shell("echo I am $CHECKERLAB_RANK of $CHECKERLAB_RANKS >&2", 3);
  std::vector<std::string> lines;
  options.on_line = [&](int rank, std::string_view line) {
    lines.push_back(std::to_string(rank) + ": " + std::string(line));
  };
  EXPECT_FALSE(run(options));
  EXPECT_THAT(lines, UnorderedElementsAre("0: I am 0 of 3", "1: I am 1 of 3", "2: I am 2 of 3"));
}

TEST(RankGroup, namesTheRankThatDiedAndItsLastLines) {
  // Rank 0 waits for ever, on a socket that nobody writes to; rank 1 dies.
  auto options = shell(
      "if [ $CHECKERLAB_RANK = 1 ]; then echo about to die >&2; kill -KILL $$; fi; trap '' TERM; read x <&4; "
      "echo noticed >&2; exit 1",
      2);
  const auto error = run(options);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), ErrorCode::internal);
  EXPECT_THAT(error->what(), HasSubstr("rank 1 of 2 ended with signal 9 (SIGKILL)"));
  EXPECT_THAT(error->what(), HasSubstr("about to die"));
}

TEST(RankGroup, givesTheReasonNotItsConsequences) {
  const auto error = run(shell(
      R"(if [ $CHECKERLAB_RANK = 0 ]; then echo '{"code":"unavailable","message":"rank 1 is gone"}' >&3; exit 5; fi; )"
      R"(echo '{"code":"disk_full","message":"no space","fix":"make some"}' >&3; exit 5)",
      2));
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), ErrorCode::disk_full);
  EXPECT_STREQ(error->what(), "rank 1: no space");
  EXPECT_EQ(error->fix(), "make some");
}

TEST(RankGroup, killsWhatDoesNotEndInTime) {
  auto options = shell("[ $CHECKERLAB_RANK = 1 ] && exit 3; trap '' TERM; while :; do read x <&4 || :; done", 2);
  options.grace = 50ms;
  const auto begin = std::chrono::steady_clock::now();
  const auto error = run(options);
  ASSERT_TRUE(error);
  EXPECT_THAT(error->what(), HasSubstr("rank 1 of 2 ended with exit code 3"));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s);
}

TEST(RankGroup, stopsAllWhenAsked) {
  auto options = shell("echo up >&2; read x <&4; exit 1", 2);
  bool stop = false;
  options.on_line = [&](int, std::string_view) { stop = true; };
  options.stop = [&] { return stop; };
  const auto error = run(options);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), ErrorCode::cancelled);
}

TEST(RankGroup, saysWhatCannotBeStarted) {
  EXPECT_EQ(run({.command = {"/no/such/program"}, .size = 2})->code(), ErrorCode::not_found);
  EXPECT_EQ(run(shell("true", 0))->code(), ErrorCode::invalid_argument);
}

TEST(RankReport, passesErrorsOn) {
  const auto error = parse_rank_report(R"({"code":"not_finite","message":"m","fix":"f"})");
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), ErrorCode::not_finite);
  EXPECT_EQ(error->full_text(), "m. f");
  EXPECT_FALSE(parse_rank_report(""));
  EXPECT_FALSE(parse_rank_report("{\"code\":"));
  EXPECT_FALSE(parse_rank_report("[1]"));
}

}  // namespace
}  // namespace checkerlab::model
