#include "coordinator/artifacts/byte_range.hpp"

#include <algorithm>
#include <charconv>

namespace checkerlab::coordinator {
namespace {

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

RangeRequest last_bytes(std::uint64_t count, std::uint64_t size) {
  if (count == 0 || size == 0) return {.unsatisfiable = true, .range = std::nullopt};
  return {.range = ByteRange{size - std::min(count, size), size}};
}

}  // namespace

RangeRequest parse_range(std::string_view header, std::uint64_t size) {
  constexpr std::string_view kUnit = "bytes=";
  if (!header.starts_with(kUnit)) return {};
  header.remove_prefix(kUnit.size());
  const auto dash = header.find('-');
  if (dash == std::string_view::npos) return {};
  const auto first = number(header.substr(0, dash));
  const auto last = number(header.substr(dash + 1));
  if (dash == 0) return last ? last_bytes(*last, size) : RangeRequest{};
  if (!first || (!last && dash + 1 != header.size()) || (last && *last < *first)) return {};
  if (*first >= size) return {.unsatisfiable = true, .range = std::nullopt};
  return {.range = ByteRange{*first, last && *last < size ? *last + 1 : size}};
}

}  // namespace checkerlab::coordinator
