#include "libmodel/kernels/truncate_logits.hpp"

#include <ATen/ATen.h>

#include <limits>

namespace checkerlab::model {

at::Tensor truncate_logits(const at::Tensor& logits, const Truncation& truncation) {
  if (!truncation.cuts(logits.size(-1))) return logits;
  constexpr double kNever = -std::numeric_limits<double>::infinity();
  auto [sorted, codes] = logits.sort(/*stable=*/true, /*dim=*/-1, /*descending=*/true);
  if (truncation.top_k > 0 && truncation.top_k < sorted.size(-1)) sorted.slice(-1, truncation.top_k).fill_(kNever);
  if (truncation.top_p < 1) {
    const at::Tensor probability = sorted.softmax(-1);
    at::Tensor beyond = (probability.cumsum(-1) - probability) >= truncation.top_p;
    beyond.select(-1, 0).fill_(false);
    sorted.masked_fill_(beyond, kNever);
  }
  return at::empty_like(logits).scatter_(-1, codes, sorted);
}

}  // namespace checkerlab::model
