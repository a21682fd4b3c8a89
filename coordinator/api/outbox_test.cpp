#include "coordinator/api/outbox.hpp"

#include <gtest/gtest.h>

namespace checkerlab::coordinator {
namespace {

rpc::AttemptRef attempt(char digit) {
  return {JobKey(std::string(64, digit)), AttemptNumber{1}};
}

rpc::Assign assign(char digit) {
  return {{{.attempt = attempt(digit),
            .spec = rpc::Json::object(),
            .hints = rpc::Json::object(),
            .inputs = {},
            .checkpoint = std::nullopt}}};
}

std::vector<rpc::CoordinatorMessage> sent(Outbox& outbox) {
  std::vector<rpc::CoordinatorMessage> messages;
  while (const auto frame = outbox.next()) {
    for (auto& message : rpc::decode_coordinator_frame(*frame))
      messages.push_back(std::move(message));
  }
  return messages;
}

TEST(Outbox, MergesAcknowledgementsAndAssignments) {
  Outbox outbox;
  outbox.add(assign('a'));
  outbox.add(rpc::Ack{{{.attempt = attempt('1'), .accepted = true, .reason = ""}}});
  outbox.add(assign('b'));
  outbox.add(rpc::Ack{{{.attempt = attempt('2'), .accepted = true, .reason = ""}}});
  const auto messages = sent(outbox);
  ASSERT_EQ(messages.size(), 2u);
  EXPECT_EQ(std::get<rpc::Ack>(messages[0]).acks.size(), 2u);
  EXPECT_EQ(std::get<rpc::Assign>(messages[1]).jobs.size(), 2u);
  EXPECT_TRUE(outbox.empty());
}

TEST(Outbox, KeepsACancellationBetweenItsAssignments) {
  Outbox outbox;
  outbox.add(assign('a'));
  outbox.add(rpc::Cancel{.attempt = attempt('a'), .reason = "x"});
  outbox.add(assign('b'));
  const auto messages = sent(outbox);
  ASSERT_EQ(messages.size(), 3u);
  EXPECT_TRUE(std::holds_alternative<rpc::Cancel>(messages[1]));
}

TEST(Outbox, NoMessageHoldsMoreThanTheOtherEndReadsInAMoment) {
  Outbox outbox;
  rpc::Assign many;
  rpc::Ack acks;
  for (std::size_t i = 0; i < 2 * Outbox::kMostJobs + 1; ++i)
    many.jobs.push_back(assign('a').jobs.front());
  for (std::size_t i = 0; i < Outbox::kMostAcks + 1; ++i)
    acks.acks.push_back({.attempt = attempt('1'), .accepted = true, .reason = ""});
  outbox.add(assign('b'));
  outbox.add(many);
  outbox.add(acks);
  std::vector<std::size_t> sizes;
  for (const auto& message : sent(outbox)) {
    const auto* ack = std::get_if<rpc::Ack>(&message);
    sizes.push_back(ack != nullptr ? ack->acks.size() : std::get<rpc::Assign>(message).jobs.size());
  }
  EXPECT_EQ(sizes, (std::vector<std::size_t>{Outbox::kMostAcks, 1, Outbox::kMostJobs, Outbox::kMostJobs, 2}));
}

}  // namespace
}  // namespace checkerlab::coordinator
