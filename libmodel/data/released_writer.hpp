#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "libmodel/data/tokenized_images.hpp"
#include "libmodel/observer.hpp"

namespace checkerlab::model {

// Writes a token cache in the released format (see ReleasedCache) into `folder`: shards of at most `entries_per_shard`
// images, laid out and described byte for byte as the released implementation's tools do, then the metadata. Each file
// arrives whole or not at all, the metadata last, so that a cache without them is unfinished. Memory is one image and
// the header of a shard. Throws Error: invalid_argument (nothing to write, labels or tokens that int16 cannot hold),
// disk_full, io_error, cancelled. Returns the path of the metadata.
std::filesystem::path write_released_cache(const std::filesystem::path& folder, const std::string& name,
                                           const TokenizedImages& images, Observer& observer,
                                           std::int64_t entries_per_shard = 100'000);

}  // namespace checkerlab::model
