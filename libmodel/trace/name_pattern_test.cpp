#include "libmodel/trace/name_pattern.hpp"

#include <gtest/gtest.h>

namespace checkerlab::model {
namespace {

TEST(NamePattern, findsTheNumbers) {
  const auto found = match_name("greedy.cfg{G}start{N}.P{P}.tokens.{S}", "greedy.cfg2.75start3.P2.tokens.16");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->guidance, 2.75);
  EXPECT_EQ(found->start, 3);
  EXPECT_EQ(found->steps, 2);
  EXPECT_EQ(found->side, 16);
  EXPECT_EQ(match_name("greedy.cfg{G}.P{P}.steps", "greedy.cfg0.P4.steps")->guidance, 0);
  EXPECT_EQ(match_name("greedy.cfg{G}.P{P}.steps", "greedy.cfg0.5.P4.steps")->guidance, 0.5);
  EXPECT_EQ(match_name("hidden.P{P}.layer{I}", "hidden.P8.layer11")->layer, 11);
  EXPECT_TRUE(match_name("order", "order"));
}

TEST(NamePattern, refusesOtherNames) {
  for (const char* name : {"logits", "logits.", "logits.04", "logits.4x", "logits.-4", "logits.4.5", "xlogits.4",
                           "logits.99999999999999999999"}) {
    EXPECT_FALSE(match_name("logits.{P}", name)) << name;
  }
  EXPECT_FALSE(match_name("greedy.cfg{G}.P{P}.steps", "greedy.cfg1.5start0.P4.steps"));
  EXPECT_FALSE(match_name("order", "orders"));
}

TEST(NamePattern, putsNumbersIn) {
  EXPECT_EQ(fill_name("logits.{P}", 'P', 4), "logits.4");
  EXPECT_EQ(fill_name(fill_name("hidden.P{P}.layer{I}", 'P', 4), 'I', 2), "hidden.P4.layer2");
  EXPECT_EQ(fill_name("order", 'P', 4), "order");
}

}  // namespace
}  // namespace checkerlab::model
