// The last lines of a log. Not thread-safe.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <vector>

namespace checkerlab::worker {

class LogTail {
 public:
  static constexpr std::size_t kLines = 20;
  static constexpr std::size_t kLongest = 500;  // bytes of a line that are kept

  void add(const std::string& line) {
    lines_.push_back(line.substr(0, kLongest));
    if (lines_.size() > kLines) lines_.pop_front();
  }
  std::vector<std::string> lines() const { return {lines_.begin(), lines_.end()}; }

 private:
  std::deque<std::string> lines_;
};

}  // namespace checkerlab::worker
