#include "libmodel/evaluation/inception_score.hpp"

#include <torch/types.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.hpp"

namespace checkerlab::model {

namespace {

// exp of the mean divergence of one block; x * log x is 0 at 0.
double score_block(const torch::Tensor& log_probabilities) {
  const auto probabilities = log_probabilities.exp();
  const auto mean = probabilities.mean(0, true);
  const auto own = torch::where(probabilities > 0, probabilities * log_probabilities, torch::zeros_like(probabilities));
  const auto mixed = torch::where(probabilities > 0, probabilities * mean.log(), torch::zeros_like(probabilities));
  return std::exp((own - mixed).sum(1).mean().item<double>());
}

}  // namespace

InceptionScore inception_score(const torch::Tensor& log_probabilities, std::int64_t block) {
  if (log_probabilities.dim() != 2 || log_probabilities.size(0) < 1 || block < 1) {
    throw Error(ErrorCode::invalid_argument,
                "the inception score needs probabilities [N,K] of at least one row and a positive block");
  }
  const auto rows = log_probabilities.to(torch::kCPU, torch::kFloat64);
  if (rows.isnan().any().item<bool>()) throw Error(ErrorCode::not_finite, "a class probability is NaN");
  InceptionScore score;
  for (std::int64_t begin = 0; begin < rows.size(0); begin += block) {
    const auto end = std::min(begin + block, rows.size(0));
    score.blocks.push_back(end - begin);
    score.per_block.push_back(score_block(rows.slice(0, begin, end)));
  }
  score.value = std::accumulate(score.per_block.begin(), score.per_block.end(), 0.0) /
                static_cast<double>(score.per_block.size());
  return score;
}

}  // namespace checkerlab::model
