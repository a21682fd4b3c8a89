// The Range header (RFC 9110, section 14), single byte ranges only. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace checkerlab::coordinator {

struct ByteRange {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;  // one behind the last byte
};

struct RangeRequest {
  bool unsatisfiable = false;  // to be answered with 416
  std::optional<ByteRange>
      range;  // nothing: the whole file (also for several ranges, other units and malformed headers)
};

RangeRequest parse_range(std::string_view header, std::uint64_t size);

}  // namespace checkerlab::coordinator
