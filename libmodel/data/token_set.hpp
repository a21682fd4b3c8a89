#pragma once

#include <map>

#include "libmodel/data/token_source.hpp"

namespace checkerlab::model {

// Cached tokens of a data set, all in memory. The members are for the maker to fill; `check` tells whether they fit.
struct TokenSet final : TokenSource {
  std::map<int, at::Tensor> tokens;  // side → int16 [N, crops, side²] in raster order
  at::Tensor labels;                 // [N] int64
  at::Tensor codebook;               // [codes, code_dim] fp32, rows of length 1

  std::int64_t crop_count() const override;
  const at::Tensor& all_labels() const override { return labels; }
  const at::Tensor& code_vectors() const override { return codebook; }
  void check(const std::vector<int>& sides, std::int64_t codes) const override;
  // Precondition: `check` passed for this side.
  at::Tensor gather(const std::vector<std::int64_t>& items, const std::vector<std::int64_t>& crops,
                    int side) const override;
};

}  // namespace checkerlab::model
