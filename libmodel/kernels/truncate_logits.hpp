// Leaves the likely codes of a distribution: the `top_k` most likely ones (Fan et al. 2018), and of these the fewest
// whose probability comes to `top_p` or more (nucleus sampling, Holtzman et al. 2020). Sorting tensor operations, on
// any device, without waiting for it.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace checkerlab::model {

struct Truncation {
  std::int64_t top_k = 0;  // 0: no limit
  double top_p = 1;        // in (0, 1]; 1: all
  bool cuts(std::int64_t codes) const { return (top_k > 0 && top_k < codes) || top_p < 1; }
};

// logits [.., V] fp32 at the temperature that is drawn at; the codes left out become −∞. At least one stays; of equal
// logits the lower codes come first.
at::Tensor truncate_logits(const at::Tensor& logits, const Truncation& truncation);

}  // namespace checkerlab::model
