#include "libmodel/data/tar_header.hpp"

#include <algorithm>

namespace checkerlab::model {

namespace {

std::string_view field(const TarBlock& block, std::size_t offset, std::size_t size) {
  const std::string_view all(block.data() + offset, size);
  return all.substr(0, std::min(all.find('\0'), size));
}

std::optional<std::uint64_t> octal(std::string_view text) {
  while (!text.empty() && text.front() == ' ')
    text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ')
    text.remove_suffix(1);
  if (text.empty() || text.size() > 20) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '7') return std::nullopt;
    value = value * 8 + static_cast<std::uint64_t>(c - '0');
  }
  return value;
}

// Big-endian in the last eight of twelve bytes; the others must be zero but for the marker.
std::optional<std::uint64_t> base256(const TarBlock& block, std::size_t offset) {
  std::uint64_t value = 0;
  for (std::size_t i = 1; i < 12; ++i) {
    const auto byte = static_cast<unsigned char>(block[offset + i]);
    if (i < 4 && byte != 0) return std::nullopt;
    value = value << 8 | byte;
  }
  return value;
}

constexpr std::size_t kSizeOffset = 124;
constexpr std::size_t kChecksumOffset = 148;
constexpr std::size_t kPrefixOffset = 345;

}  // namespace

bool is_zero(const TarBlock& block) {
  return std::all_of(block.begin(), block.end(), [](char c) { return c == 0; });
}

bool checksum_fits(const TarBlock& block) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < kTarBlock; ++i) {
    const bool inside = i >= kChecksumOffset && i < kChecksumOffset + 8;
    sum += inside ? ' ' : static_cast<unsigned char>(block[i]);
  }
  return octal(field(block, kChecksumOffset, 8)) == sum;
}

std::string stored_name(const TarBlock& block) {
  const std::string name(field(block, 0, 100));
  const bool posix = std::string_view(block.data() + 257, 6) == std::string_view("ustar\0", 6);
  const auto prefix = posix ? field(block, kPrefixOffset, 155) : std::string_view();
  return prefix.empty() ? name : std::string(prefix) + "/" + name;
}

std::optional<std::uint64_t> stored_size(const TarBlock& block) {
  const auto first = static_cast<unsigned char>(block[kSizeOffset]);
  return first == 0x80 ? base256(block, kSizeOffset) : octal(field(block, kSizeOffset, 12));
}

char stored_type(const TarBlock& block) {
  return block[156] == '\0' ? '0' : block[156];
}

std::optional<std::string> safe_relative_name(std::string_view name) {
  if (name.empty() || name.front() == '/' || name.find('\0') != std::string_view::npos) return std::nullopt;
  std::string result;
  while (!name.empty()) {
    const auto part = name.substr(0, name.find('/'));
    name.remove_prefix(std::min(name.size(), part.size() + 1));
    if (part.empty() || part == ".") continue;
    if (part == "..") return std::nullopt;
    if (!result.empty()) result += '/';
    result += part;
  }
  return result;
}

}  // namespace checkerlab::model
