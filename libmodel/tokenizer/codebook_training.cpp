#include "libmodel/tokenizer/codebook_training.hpp"

#include <torch/types.h>
#include <torch/utils.h>

#include "libmodel/random/draws.hpp"

namespace checkerlab::model {

namespace {

torch::Tensor draw_rows(const torch::Tensor& vectors, std::int64_t count, std::uint64_t seed, std::uint64_t stream) {
  const auto uniform = uniform_tensor(seed, RandomDomain::tokenizer, stream, {count}).to(torch::kFloat64);
  const auto rows = uniform.mul(vectors.size(0)).to(torch::kInt64).clamp_(0, vectors.size(0) - 1);
  return vectors.index_select(0, rows.to(vectors.device()));
}

}  // namespace

torch::Tensor spherical_k_means(const torch::Tensor& vectors, std::int64_t centres, std::int64_t iterations,
                                std::uint64_t seed, std::uint64_t stream) {
  const torch::NoGradGuard no_grad;
  const auto start = draw_rows(vectors, centres, seed, stream);
  auto means = start;
  for (std::int64_t i = 0; i < iterations; ++i) {
    const auto nearest = vectors.matmul(means.t()).argmax(1);
    // A product with the one-hot matrix, because index_add_ on a GPU adds in no fixed order.
    const auto one_hot = torch::one_hot(nearest, centres).to(vectors.scalar_type());
    const auto sums = one_hot.t().matmul(vectors);
    const auto length = sums.norm(2, 1, true);
    means = torch::where(length > 1e-6, sums / length.clamp_min(1e-6), start);
  }
  return means;
}

void CodeUse::note(const torch::Tensor& tokens) {
  idle_.add_(1);
  idle_.index_fill_(0, tokens.flatten(), 0);
}

torch::Tensor CodeUse::take_dead(std::int64_t patience) {
  const auto dead = idle_.gt(patience).nonzero().flatten();
  idle_.index_fill_(0, dead, 0);
  return dead;
}

}  // namespace checkerlab::model
