// Cuts a stream of bytes into lines. Not thread-safe; pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace checkerlab::worker {

class LineSplitter {
 public:
  // A longer line is an error or is cut into pieces of this size.
  enum class Overlong { kRefuse, kCut };
  LineSplitter(std::size_t longest_line, Overlong overlong) : longest_(longest_line), overlong_(overlong) {}

  void feed(std::string_view bytes);

  // The next whole line without its newline; nothing until more bytes came. Throws Error(invalid_data) for an overlong
  // line.
  std::optional<std::string> next();

  // What came after the last newline, for a stream that ended.
  std::string take_rest();

 private:
  std::size_t longest_;
  Overlong overlong_;
  std::string buffer_;
  std::size_t start_ = 0;
};

}  // namespace checkerlab::worker
