// One shard of a token cache in the released format: a safetensors file with the tensors `{i}_q` and `{i}_label` of
// every image i in it. Internal to data/.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "libmodel/data/mapped_file.hpp"

namespace checkerlab::model {

struct ReleasedEntry {
  std::int64_t image = 0;
  bool is_label = false;    // else the tokens
  std::uint64_t begin = 0;  // of the tensor in the file, in bytes
};

// Calls `take` for every tensor. A header of 200,000 tensors is read in one pass without being built up in memory.
// Throws Error(invalid_data) naming the file when the header cannot be read, or a tensor is not int16, not of its
// length (`tokens` numbers, or one for a label), or lies outside the file.
void index_released_shard(const MappedFile& shard, const std::filesystem::path& path, std::int64_t tokens,
                          const std::function<void(const ReleasedEntry&)>& take);

}  // namespace checkerlab::model
