// Reads the fields of one protocol buffer message from front to back, checking every length against the text.
//
// Format: https://protobuf.dev/programming-guides/encoding/. Internal to graph_def/.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace checkerlab::model {

enum class WireType { varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 };

struct WireField {
  std::uint32_t number = 0;
  WireType type = WireType::varint;
  std::uint64_t value = 0;  // of a varint, fixed64 or fixed32
  std::string_view bytes;   // of a string, message or packed list
};

class WireReader {
 public:
  // `where` names the file in errors and must outlive this, as must the text.
  WireReader(std::string_view text, const std::string& where) : text_(text), where_(where) {}

  // The next field; false at the end. Throws Error(invalid_data) naming the file for a message that is cut off or uses
  // groups.
  bool next(WireField& field);
  // A number of a packed list; the text must not be empty.
  std::uint64_t varint();
  bool empty() const { return text_.empty(); }

  [[noreturn]] void refuse(const std::string& what) const;

 private:
  std::string_view take(std::uint64_t bytes);
  std::uint64_t fixed(std::size_t bytes);

  std::string_view text_;
  const std::string& where_;
};

}  // namespace checkerlab::model
