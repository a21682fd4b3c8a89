// Reads a pickle's text from front to back. Internal to pickle/.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace checkerlab::model::pickle {

// Every function throws Error(invalid_data) naming the file and the place when the text ends too early.
class Cursor {
 public:
  // `where` names the file in errors and must outlive this.
  Cursor(std::string_view text, const std::string& where) : text_(text), where_(where) {}

  std::size_t place() const { return place_; }
  const std::string& where() const { return where_; }

  std::string_view take(std::uint64_t bytes) {
    if (bytes > text_.size() - place_) refuse("it ends too early");
    const auto part = text_.substr(place_, bytes);
    place_ += bytes;
    return part;
  }
  std::uint8_t byte() { return static_cast<std::uint8_t>(take(1)[0]); }
  // Pickles are little endian, as are the machines that this runs on.
  template <typename Number>
  Number number() {
    Number value{};
    std::memcpy(&value, take(sizeof(Number)).data(), sizeof(Number));
    return value;
  }
  double big_endian_double() { return std::bit_cast<double>(__builtin_bswap64(number<std::uint64_t>())); }
  // Up to the next line feed, which is passed over.
  std::string line() {
    constexpr std::size_t kMost = 256;
    const auto end = text_.find('\n', place_);
    if (end == std::string_view::npos || end - place_ > kMost) refuse("a name does not end");
    std::string found(take(end - place_));
    ++place_;
    return found;
  }

  [[noreturn]] void refuse(const std::string& what) const {
    throw Error(ErrorCode::invalid_data,
                where_ + " holds a pickle that cannot be read: " + what + " (byte " + std::to_string(place_) + ")",
                "Make or fetch the file again");
  }

 private:
  std::string_view text_;
  const std::string& where_;
  std::size_t place_ = 0;
};

}  // namespace checkerlab::model::pickle
