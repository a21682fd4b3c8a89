#pragma once

#include <torch/types.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "libmodel/data/token_spill.hpp"

namespace checkerlab::model {

// Tokens of an image set at several sides, ready to be written as a cache.
struct TokenizedImages {
  std::map<int, torch::Tensor> tokens;  // side → int16 [M, crops, side²] in raster order; may be a view of a file
  torch::Tensor labels;                 // int64 [M]
  std::vector<std::int64_t> rows;       // the images that count, ascending: without those that were corrupt
  std::vector<std::string> classes;
  std::int64_t crops = 1;
  std::int64_t corrupt = 0;
  std::unique_ptr<TokenSpill> spill;  // owns what `tokens` may show
};

}  // namespace checkerlab::model
