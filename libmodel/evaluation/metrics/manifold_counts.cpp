#include "libmodel/evaluation/metrics/manifold_counts.hpp"

#include <torch/types.h>

#include <limits>

namespace checkerlab::model {

namespace {

double share(const at::Tensor& flags) {
  return flags.sum().item<double>() / static_cast<double>(flags.numel());
}

// The mean of `counts` [N] over all rows, and over those outside each block.
Score mean_outside(const at::Tensor& counts, const std::vector<IndexBlock>& blocks, double divisor) {
  const double total = counts.sum().item<double>();
  const auto rows = static_cast<double>(counts.size(0));
  return jackknife(total / rows / divisor, blocks.size(), [&](std::size_t b) {
    const double own = counts.slice(0, blocks[b].begin, blocks[b].end).sum().item<double>();
    return (total - own) / (rows - static_cast<double>(blocks[b].size())) / divisor;
  });
}

}  // namespace

ReferenceBalls::ReferenceBalls(const RowSet& samples, const RowSet& reference, at::Tensor radii, std::int64_t k)
    : blocks_(samples.blocks()), k_(k), radii_(std::move(radii)) {
  const auto options = at::TensorOptions().device(samples.device());
  inside_ = at::zeros({samples.size()}, options.dtype(at::kBool));
  balls_ = at::zeros({samples.size()}, options.dtype(at::kLong));
  nearest_ = at::full({static_cast<std::int64_t>(blocks_.size()), reference.size()},
                      std::numeric_limits<double>::infinity(), options.dtype(at::kDouble));
}

void ReferenceBalls::add(const PairTile& tile, const at::Tensor& distances) {
  const auto radii = radii_.slice(0, tile.right.begin, tile.right.end).unsqueeze(0);
  inside_.slice(0, tile.left.begin, tile.left.end).logical_or_((distances <= radii).any(1));
  balls_.slice(0, tile.left.begin, tile.left.end).add_((distances < radii).sum(1));
  auto nearest = nearest_[static_cast<std::int64_t>(tile.left.block)].slice(0, tile.right.begin, tile.right.end);
  nearest.copy_(at::minimum(nearest, distances.amin(0)));
}

Score ReferenceBalls::precision() const {
  return mean_outside(inside_, blocks_, 1);
}

Score ReferenceBalls::density() const {
  return mean_outside(balls_, blocks_, static_cast<double>(k_));
}

Score ReferenceBalls::coverage() const {
  const auto covered = [&](const at::Tensor& nearest) { return share(nearest.amin(0) < radii_); };
  return jackknife(covered(nearest_), blocks_.size(), [&](std::size_t b) {
    const auto left_out = static_cast<std::int64_t>(b);
    return covered(at::cat({nearest_.slice(0, 0, left_out), nearest_.slice(0, left_out + 1)}));
  });
}

SampleBalls::SampleBalls(const RowSet& samples, const RowSet& reference, const NeighbourTable& neighbours) {
  std::vector<at::Tensor> radii{neighbours.radii()};
  const auto& blocks = samples.blocks();
  for (std::size_t b = 0; b < blocks.size() && blocks.size() > 1; ++b) {
    radii.push_back(neighbours.radii_without(b));
    radii.back().slice(0, blocks[b].begin, blocks[b].end).fill_(-1);
  }
  radii_ = at::stack(radii);
  widest_ = radii_.amax(0);
  inside_ = at::zeros({radii_.size(0), reference.size()}, at::TensorOptions(at::kBool).device(samples.device()));
}

// Few pairs are within any radius: they are picked out first, and only they are compared with each of the radii.
void SampleBalls::add(const PairTile& tile, const at::Tensor& distances) {
  const auto widest = widest_.slice(0, tile.left.begin, tile.left.end).unsqueeze(1);
  const auto near = (distances <= widest).nonzero();
  const auto samples = near.select(1, 0), references = near.select(1, 1);
  const auto d = distances.index({samples, references});
  for (std::int64_t i = 0; i < radii_.size(0); ++i) {
    const auto within = d <= radii_[i].index({samples + tile.left.begin});
    inside_[i].index_put_({references.index({within}) + tile.right.begin}, true);
  }
}

Score SampleBalls::recall() const {
  return jackknife(share(inside_[0]), static_cast<std::size_t>(inside_.size(0) - 1),
                   [&](std::size_t b) { return share(inside_[static_cast<std::int64_t>(b) + 1]); });
}

}  // namespace checkerlab::model
