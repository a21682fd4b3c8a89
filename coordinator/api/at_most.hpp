// Bounds how many of something costly run at once. Confined to the server's thread.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "base/error.hpp"

namespace checkerlab::coordinator {

class AtMost {
 public:
  // Throws Error(unavailable) when `most` are running already.
  AtMost(std::shared_ptr<int> running, int most, const std::string& what) : running_(std::move(running)) {
    if (*running_ >= most) {
      throw Error(ErrorCode::unavailable, std::to_string(most) + " " + what + " are running already",
                  "Try again soon.");
    }
    ++*running_;
  }
  ~AtMost() { --*running_; }
  AtMost(const AtMost&) = delete;
  AtMost& operator=(const AtMost&) = delete;

 private:
  std::shared_ptr<int> running_;
};

}  // namespace checkerlab::coordinator
