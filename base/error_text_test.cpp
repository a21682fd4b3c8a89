#include "base/error_text.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/error.hpp"

namespace checkerlab {
namespace {

TEST(ErrorText, AFixOfSeveralLinesIsIndented) {
  EXPECT_EQ(error_text(Error(ErrorCode::io_error, "what", "one\ntwo")), "error: what\n  fix: one\n  two\n");
}

TEST(ErrorText, WhatIsNoErrorOfOursIsInternal) {
  EXPECT_EQ(error_json(std::runtime_error("odd")).at("code"), "internal");
  EXPECT_EQ(error_json(Error(ErrorCode::not_found, "gone", "look")).at("fix"), "look");
}

}  // namespace
}  // namespace checkerlab
