#include "libmodel/training/training_loss.hpp"

#include <ATen/ATen.h>

#include "libmodel/transformer/head.hpp"

namespace checkerlab::model {
namespace {

at::Tensor averaging_rows(const std::vector<int>& sizes) {
  const ScaleLayout layout(sizes);
  at::Tensor rows = at::zeros({static_cast<std::int64_t>(sizes.size()), layout.length()}, at::kFloat);
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const std::int64_t begin = layout.offsets[i], end = layout.offsets[i + 1];
    rows[static_cast<std::int64_t>(i)].slice(0, begin, end).fill_(1.0 / static_cast<double>(end - begin));
  }
  return rows;
}

}  // namespace

TrainingLoss::TrainingLoss(const TrainConfig& config, c10::Device device)
    : device_(device), precision_(config.precision), means_(averaging_rows(config.model.sizes).to(device)) {}

StepLoss TrainingLoss::operator()(const Model& model, const TokenBatch& batch, const SequenceTables& tables,
                                  double weight) const {
  at::Tensor losses;  // [B, L]
  {
    const AutocastScope autocast(device_, precision_);
    const at::Tensor logits = forward_logits(model, batch, tables, {}, kHeadPull * weight);
    const at::Tensor targets = sequence_targets(batch, tables);
    losses = at::cross_entropy_loss(logits.to(at::kFloat).flatten(0, 1), targets.flatten(), {}, at::Reduction::None)
                 .view_as(targets);
  }
  const at::Tensor loss = losses.mean() * weight;
  const at::Tensor parts = means_.mv(losses.detach().mean(0)) * weight;
  return {loss, at::cat({loss.detach().unsqueeze(0), parts})};
}

}  // namespace checkerlab::model
