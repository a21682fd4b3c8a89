#include "rpc/event_parser.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace checkerlab::rpc {
namespace {

std::vector<ServerEvent> parse(std::string_view text, std::size_t piece) {
  EventParser parser;
  std::vector<ServerEvent> events;
  for (std::size_t at = 0; at < text.size(); at += piece) {
    parser.feed(text.substr(at, piece), [&](const ServerEvent& event) {
      events.push_back(event);
      return true;
    });
  }
  return events;
}

constexpr std::string_view kText =
    ": comment\nretry: 1000\n\nid: 1\nevent: job\ndata: {\"a\":1}\n\ndata: x\r\ndata: y\r\n\r\nid: 2\n\nevent: "
    "empty\n\ndata:last\n\n";

TEST(EventParser, ReadsEventsHoweverTheBytesArrive) {
  for (const std::size_t piece : {1, 2, 3, 7, 1000}) {
    const auto events = parse(kText, piece);
    ASSERT_EQ(events.size(), 3u) << "pieces of " << piece;
    EXPECT_EQ(events[0].id, "1");
    EXPECT_EQ(events[0].type, "job");
    EXPECT_EQ(events[0].data, "{\"a\":1}");
    EXPECT_EQ(events[1].type, "message");
    EXPECT_EQ(events[1].data, "x\ny");
    EXPECT_EQ(events[2].id, "2");
    EXPECT_EQ(events[2].data, "last");
  }
}

TEST(EventParser, StopsWhenTheHandlerHasEnough) {
  EventParser parser;
  int seen = 0;
  EXPECT_FALSE(parser.feed("data: 1\n\ndata: 2\n\n", [&](const ServerEvent&) { return ++seen < 1; }));
  EXPECT_EQ(seen, 1);
}

}  // namespace
}  // namespace checkerlab::rpc
