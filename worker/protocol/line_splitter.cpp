#include "worker/protocol/line_splitter.hpp"

#include <utility>

#include "base/error.hpp"

namespace checkerlab::worker {

void LineSplitter::feed(std::string_view bytes) {
  if (start_ > 0) {
    buffer_.erase(0, start_);
    start_ = 0;
  }
  buffer_ += bytes;
}

std::optional<std::string> LineSplitter::next() {
  const auto end = buffer_.find('\n', start_);
  const bool whole = end != std::string::npos;
  const auto length = (whole ? end : buffer_.size()) - start_;
  if (length > longest_) {
    if (overlong_ == Overlong::kRefuse) {
      throw Error(ErrorCode::invalid_data, "a line of " + std::to_string(length) + " bytes is longer than " +
                                               std::to_string(longest_) + " bytes");
    }
    auto piece = buffer_.substr(start_, longest_);
    start_ += longest_;
    return piece;
  }
  if (!whole) return std::nullopt;
  auto line = buffer_.substr(start_, length);
  start_ = end + 1;
  return line;
}

std::string LineSplitter::take_rest() {
  auto rest = buffer_.substr(start_);
  buffer_.clear();
  start_ = 0;
  return rest;
}

}  // namespace checkerlab::worker
