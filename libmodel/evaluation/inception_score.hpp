#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

namespace checkerlab::model {

struct InceptionScore {
  double value = 0;  // mean over the blocks
  std::vector<double> per_block;
  std::vector<std::int64_t> blocks;  // rows of each block
};

// Blocks as in the published evaluations.
inline constexpr std::int64_t kInceptionBlock = 5000;

// Inception score (Salimans et al. 2016) in consecutive blocks of `block` rows in index order, the last one ragged:
// mean over blocks of exp(mean over rows of KL(p(y|x) || mean p(y|x))), fp64.
// `log_probabilities` [N,K]: log-softmax values, so a probability that underflows counts as 0 and not as NaN.
// Throws Error when there are no rows, the block is not positive, or a value is NaN.
InceptionScore inception_score(const torch::Tensor& log_probabilities, std::int64_t block = kInceptionBlock);

}  // namespace checkerlab::model
