#include "libmodel/sampling/entropy_profile.hpp"

#include <ATen/ATen.h>

#include <cmath>

#include "base/error.hpp"

namespace checkerlab::model {
namespace {

// `sorted` ascending, not empty.
double order_quantile(const at::Tensor& sorted, double share) {
  const auto* values = sorted.const_data_ptr<float>();
  const double place = share * static_cast<double>(sorted.numel() - 1);
  const auto below = static_cast<std::int64_t>(std::floor(place));
  const auto above = std::min(below + 1, sorted.numel() - 1);
  const double part = place - static_cast<double>(below);
  return (1 - part) * values[below] + part * values[above];
}

EntropyStep step_of(std::int64_t step, const at::Tensor& map, const at::Tensor& entropies) {
  const at::Tensor chosen = map.eq(step);
  const at::Tensor sorted = std::get<0>(entropies.index({at::indexing::Slice(), chosen}).flatten().sort());
  return {.step = step,
          .side = map.size(0),
          .tokens = chosen.sum().item<std::int64_t>(),
          .mean = sorted.mean(at::kDouble).item<double>(),
          .lower_quartile = order_quantile(sorted, 0.25),
          .median = order_quantile(sorted, 0.5),
          .upper_quartile = order_quantile(sorted, 0.75)};
}

}  // namespace

void EntropyProfile::add(const SampleBatch& batch) {
  if (batch.entropy.empty())
    throw Error(ErrorCode::invalid_argument, "the samples were drawn without recording their entropies");
  if (step_maps_.empty()) {
    step_maps_ = batch.steps;
    values_.resize(step_maps_.size());
  }
  for (std::size_t scale = 0; scale < step_maps_.size(); ++scale) {
    if (batch.steps.size() != step_maps_.size() || !batch.steps[scale].equal(step_maps_[scale]))
      throw Error(ErrorCode::invalid_argument, "the samples of one entropy profile must be drawn in the same steps");
    values_[scale].push_back(batch.entropy[scale].to(at::kCPU, at::kFloat));
  }
  samples_ += batch.entropy.front().size(0);
}

std::vector<EntropyStep> EntropyProfile::steps() const {
  std::vector<EntropyStep> found;
  for (std::size_t scale = 0; scale < step_maps_.size(); ++scale) {
    const at::Tensor& map = step_maps_[scale];
    const at::Tensor entropies = at::cat(values_[scale]);
    const auto last = map.max().item<std::int64_t>();
    for (auto step = map.min().item<std::int64_t>(); step <= last; ++step)
      found.push_back(step_of(step, map, entropies));
  }
  return found;
}

}  // namespace checkerlab::model
