#include "libmodel/tokenizer/code_usage.hpp"

#include <torch/types.h>

#include <cmath>

namespace checkerlab::model {

namespace {

constexpr double kWeight = 0.01;
constexpr double kUsedShare = 1e-4;

}  // namespace

double perplexity_of(const torch::Tensor& counts) {
  const auto wide = counts.to(torch::kFloat64);
  const auto total = wide.sum();
  if (total.item<double>() <= 0) return 0;
  const auto shares = wide / total;
  return std::exp(-torch::xlogy(shares, shares).sum().item<double>());
}

void CodeUsage::note(const torch::Tensor& tokens) {
  const auto counts = torch::bincount(tokens.flatten(), {}, shares_.size(0)).to(torch::kFloat64);
  shares_.mul_(1 - kWeight).add_(counts, kWeight / static_cast<double>(tokens.numel()));
}

double CodeUsage::perplexity() const {
  return perplexity_of(shares_);
}

torch::Tensor CodeUsage::used() const {
  const auto total = shares_.sum().clamp_min(1e-300);
  return (shares_ / total).gt(kUsedShare / static_cast<double>(shares_.size(0)));
}

}  // namespace checkerlab::model
