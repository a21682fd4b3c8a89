#pragma once

#include <torch/types.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <vector>

#include "libmodel/data/mapped_file.hpp"

namespace checkerlab::model {

// Tokens on the way into a cache: memory-mapped temporary files, one a side, filled in any order of the images, so that
// a set of any size passes through little memory. The files vanish with the object. Not thread-safe.
class TokenSpill {
 public:
  // Reserves images * crops * side² int16 for every side in a fresh folder below `parent`. Throws Error (disk_full,
  // io_error).
  TokenSpill(const std::filesystem::path& parent, std::int64_t images, std::int64_t crops,
             const std::vector<int>& sides);
  ~TokenSpill();
  TokenSpill(const TokenSpill&) = delete;
  TokenSpill& operator=(const TokenSpill&) = delete;

  // Tokens of the images at `places`: int16 [places.size(), crops, side²] on the CPU.
  void put(const std::vector<std::size_t>& places, int side, const torch::Tensor& tokens);

  // int16 [images, crops, side²]: a view of the file, valid as long as this object.
  torch::Tensor tokens(int side);

 private:
  std::filesystem::path folder_;
  std::int64_t images_, crops_;
  std::map<int, MappedFile> files_;
};

}  // namespace checkerlab::model
