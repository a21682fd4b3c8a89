// Inception score in blocks, with its uncertainty, in one pass over the logits.
#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <cstdint>
#include <vector>

#include "libmodel/evaluation/metrics/jackknife.hpp"

namespace checkerlab::model {

struct InceptionBlocks {
  Score score;                      // mean over the blocks
  Score deviation;                  // standard deviation over the blocks (divisor: their number)
  std::vector<std::int64_t> sizes;  // rows of each block
  std::vector<double> per_block;
};

// The score of inception_score.hpp (Salimans et al. 2016, arXiv 1606.03498): consecutive blocks of `block` rows in
// index order, the last one what is left; mean over blocks of exp(mean over rows of KL(p(y|x) || mean p(y|x))). Without
// a jackknife block the rows that are left are cut into blocks anew, as if they were all.
//
// logits [N,K]: their softmax are the probabilities (log-probabilities will do as well). Softmax and sums in fp64. The
// sums of p and of p log p between any two cuts of any of these blocks are taken once, so the jackknife costs no second
// pass. Memory: one tile of rows, and K numbers for each cut. Throws Error: invalid_argument (no rows, block < 1),
// not_finite.
InceptionBlocks inception_blocks(const at::Tensor& logits, std::int64_t block, const std::vector<IndexBlock>& jackknife,
                                 c10::Device device);

}  // namespace checkerlab::model
