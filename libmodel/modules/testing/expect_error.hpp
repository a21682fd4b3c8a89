// What tests say about an Error.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "base/error.hpp"

namespace checkerlab::model {

// `action` throws an Error of that code whose message contains `text`.
template <typename Action>
void expect_error(ErrorCode code, const std::string& text, const Action& action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(to_string(error.code()), to_string(code)) << error.what();
    EXPECT_NE(std::string(error.what()).find(text), std::string::npos) << error.what();
    return;
  }
  ADD_FAILURE() << "nothing was thrown where '" << text << "' was expected";
}

}  // namespace checkerlab::model
