#include "coordinator/events/event_hub.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

namespace checkerlab::coordinator {
namespace {

ServerEvent event(std::uint64_t id, std::vector<std::string> studies) {
  return {.id = id, .type = "job", .studies = std::move(studies), .data = {{"type", "job"}, {"text", "two\nlines"}}};
}

class Hub : public testing::Test {
 protected:
  boost::asio::io_context context_;
  EventHub hub_;
};

TEST_F(Hub, WritesAnEventOnOneDataLine) {
  EXPECT_EQ(event_stream_text(event(7, {})),
            "id: 7\nevent: job\ndata: {\"text\":\"two\\nlines\",\"type\":\"job\"}\n\n");
}

TEST_F(Hub, GivesEveryoneWhatConcernsThem) {
  EventHub::Subscription all(hub_, context_.get_executor(), "", 10);
  EventHub::Subscription one(hub_, context_.get_executor(), "a", 10);
  hub_.publish(event(1, {"a"}));
  hub_.publish(event(2, {"b"}));
  hub_.publish(event(3, {}));
  for (const std::uint64_t id : {1, 2, 3})
    EXPECT_EQ(all.pop()->id, id);
  for (const std::uint64_t id : {1, 3})
    EXPECT_EQ(one.pop()->id, id);
  EXPECT_TRUE(all.empty());
  EXPECT_TRUE(one.empty());
}

TEST_F(Hub, ASlowSubscriberOverflowsAlone) {
  EventHub::Subscription slow(hub_, context_.get_executor(), "", 2);
  EventHub::Subscription quick(hub_, context_.get_executor(), "", 10);
  for (std::uint64_t id = 1; id <= 3; ++id)
    hub_.publish(event(id, {}));
  EXPECT_TRUE(slow.overflowed());
  EXPECT_FALSE(quick.overflowed());
  EXPECT_EQ(quick.pop()->id, 1u);
}

TEST_F(Hub, AnArrivalWakesTheSubscriber) {
  EventHub::Subscription subscription(hub_, context_.get_executor(), "", 10);
  bool woken = false;
  subscription.arrival().expires_after(std::chrono::hours(1));
  subscription.arrival().async_wait(
      [&](boost::system::error_code error) { woken = error == boost::asio::error::operation_aborted; });
  hub_.publish(event(1, {}));
  context_.run();
  EXPECT_TRUE(woken);
}

TEST_F(Hub, ForgetsWhoLeft) {
  { const EventHub::Subscription gone(hub_, context_.get_executor(), "", 1); }
  EXPECT_EQ(hub_.subscribers(), 0u);
}

}  // namespace
}  // namespace checkerlab::coordinator
