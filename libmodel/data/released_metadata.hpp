// What stands beside the shards of a token cache in the released format (NAME_metadata.json). The format was read off
// caches that the released implementation wrote.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace checkerlab::model {

struct ReleasedMetadata {
  std::int64_t images = 0;
  std::int64_t crops = 10;
  std::vector<std::string> classes;
  std::vector<int> sides;  // ascending
  std::int64_t shards = 0;
  std::int64_t entries_per_shard = 100'000;
  std::vector<std::uint16_t> shard_of;  // by image

  // Tokens of an image over all crops and sides.
  [[nodiscard]] std::int64_t tokens_per_image() const;
  // Where the tokens of `side` begin among them. Throws Error(invalid_argument) when there are none of this side.
  [[nodiscard]] std::int64_t begin_of(int side) const;
};

// Throws Error(invalid_data) naming the file and what in it does not hold together, not_found, io_error.
ReleasedMetadata read_released_metadata(const std::filesystem::path& path);

// The text of such a file; shards are filled in order with `entries_per_shard` images each.
std::string format_released_metadata(const ReleasedMetadata& metadata);

// cached_data_{image size}_{tokenizer path, '/' as '_'}_{sides written together}_v2
std::string released_cache_name(std::int64_t image_size, const std::string& tokenizer, const std::vector<int>& sides);

}  // namespace checkerlab::model
