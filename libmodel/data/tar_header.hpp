// The 512-byte header block of a tar archive (POSIX.1-1988 ustar with the GNU extensions for large numbers).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace checkerlab::model {

inline constexpr std::size_t kTarBlock = 512;
using TarBlock = std::array<char, kTarBlock>;

bool is_zero(const TarBlock& block);

// True when the stored checksum fits the block.
bool checksum_fits(const TarBlock& block);

// Name with its ustar prefix, as stored.
std::string stored_name(const TarBlock& block);

// Size of the content, octal or base-256; nothing when it is not a number.
std::optional<std::uint64_t> stored_size(const TarBlock& block);

// The type letter; old archives' zero byte reads as '0', a regular file.
char stored_type(const TarBlock& block);

// A name without "." and empty parts; nothing when it is absolute, empty or leads upwards.
std::optional<std::string> safe_relative_name(std::string_view name);

}  // namespace checkerlab::model
