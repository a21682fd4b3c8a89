// Token files of one data set, one for every token side, as what a training reads.
#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "libmodel/data/token_set.hpp"

namespace checkerlab::model {

// Reads the files (the `tokens` artifact); those of sides that are not in `sizes` are read and dropped, an empty list
// of sizes keeps all. Throws Error(ErrorCode::invalid_data) when a side is missing or there twice, or when the files
// are not of the same images.
TokenSet read_token_files(std::span<const std::filesystem::path> files, const std::vector<int>& sizes,
                          const at::Tensor& codebook);

}  // namespace checkerlab::model
