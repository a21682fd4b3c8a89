#include "libmodel/tokenizer/latent_statistics.hpp"

#include <torch/types.h>

#include <algorithm>
#include <vector>

#include "base/error.hpp"

namespace checkerlab::model {

void LatentStatistics::add(std::int64_t side, const torch::Tensor& vectors) {
  const auto wide = vectors.to(torch::kFloat64);
  const auto mean = wide.mean(0).cpu();
  const auto square = wide.square().mean(0).cpu();
  auto& known = sides_[side];
  const auto more = vectors.size(0);
  if (known.count == 0) {
    known = {more, mean, square};
    return;
  }
  const auto count = static_cast<double>(known.count);
  const double weight = first_dominates_ ? 1 / (1 + count) : static_cast<double>(more) / (count + more);
  known.mean.lerp_(mean, weight);
  known.square.lerp_(square, weight);
  known.count += more;
}

torch::Tensor LatentStatistics::draw(const torch::Tensor& normal) const {
  const auto codes = normal.size(0);
  auto sides_left = static_cast<std::int64_t>(sides_.size());
  if (sides_left == 0 || codes < sides_left)
    throw Error(ErrorCode::invalid_argument, "a codebook of " + std::to_string(codes) + " codes cannot be drawn from " +
                                                 std::to_string(sides_left) + " gathered token sides");
  double total = 0;
  for (const auto& [side, statistics] : sides_)
    total += static_cast<double>(statistics.count);
  std::vector<torch::Tensor> rows;
  std::int64_t drawn = 0;
  for (const auto& [side, statistics] : sides_) {
    --sides_left;
    const auto share = static_cast<std::int64_t>(static_cast<double>(codes) * statistics.count / total);
    const auto count = sides_left == 0 ? codes - drawn : std::clamp<std::int64_t>(share, 1, codes - drawn - sides_left);
    const auto deviation = (statistics.square - statistics.mean.square()).clamp_min(0).sqrt();
    rows.push_back(normal.slice(0, drawn, drawn + count).to(torch::kFloat64) * deviation + statistics.mean);
    drawn += count;
  }
  const auto all = torch::cat(rows);
  return (all / all.norm(2, 1, true).clamp_min(1e-12)).to(torch::kFloat32);
}

}  // namespace checkerlab::model
