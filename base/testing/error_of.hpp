// For tests: the Error that a call throws.
#pragma once

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace checkerlab {

// Fails the test when `body` throws no Error.
template <class Body>
Error error_of(Body&& body) {
  try {
    body();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "nothing was thrown";
  return Error(ErrorCode::internal, "");
}

}  // namespace checkerlab
