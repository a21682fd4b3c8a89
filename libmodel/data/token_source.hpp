#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace checkerlab::model {

// The tokens of a labelled image set at several token sides, wherever they are kept: in memory (TokenSet) or in a
// memory-mapped cache. N items of which `crop_count` crops each were tokenised.
//
// Reading is thread-safe. Implementations own or share what they read from.
class TokenSource {
 public:
  virtual ~TokenSource() = default;

  virtual std::int64_t crop_count() const = 0;
  virtual const at::Tensor& all_labels() const = 0;    // [N] int64
  virtual const at::Tensor& code_vectors() const = 0;  // [codes, code_dim] fp32, rows of length 1: what tokens name

  // Throws Error(invalid_argument) naming what does not fit: a side of which there are no tokens, labels and tokens
  // that do not belong together, or (where all tokens are at hand) one that names no code below `codes`.
  virtual void check(const std::vector<int>& sides, std::int64_t codes) const = 0;

  // Row i: the tokens of the crop crops[i] of the item items[i] in raster order; int64 [items.size(), side²] on the
  // CPU. Throws Error(invalid_data) when one of them names no code, Error(invalid_argument) for an item, crop or side
  // that is not there.
  virtual at::Tensor gather(const std::vector<std::int64_t>& items, const std::vector<std::int64_t>& crops,
                            int side) const = 0;
};

}  // namespace checkerlab::model
