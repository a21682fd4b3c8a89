#include "libmodel/training/step_gradients.hpp"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/autograd.h>

#include <string>

#include "base/error.hpp"
#include "libmodel/memory/out_of_memory.hpp"

namespace checkerlab::model {
namespace {

std::int64_t piece_size(std::int64_t share, std::int64_t micro_batch) {
  if (micro_batch == 0) return share;
  if (micro_batch > 0 && share % micro_batch == 0) return micro_batch;
  throw Error(ErrorCode::invalid_argument,
              "training: a micro-batch of " + std::to_string(micro_batch) + " does not divide the batch of " +
                  std::to_string(share),
              "Use a micro-batch that divides the batch, or none");
}

}  // namespace

StepGradients::StepGradients(const TrainConfig& config, const TokenSource& tokens, c10::Device device,
                             std::int64_t micro_batch, const TrainingState& state, Communicator& ranks)
    : device_(device),
      state_(state),
      ranks_(ranks),
      batches_(config, tokens, device, {ranks.rank(), ranks.size()}),
      loss_(config, device),
      buckets_(state.optimizer.parameters(), ranks),
      piece_size_(piece_size(batches_.share_size(), micro_batch)) {}

at::Tensor StepGradients::compute(std::int64_t first, std::int64_t batches, const std::function<bool()>& leave) {
  const std::int64_t share = batches_.share_size();
  const double weight = static_cast<double>(piece_size_) / static_cast<double>(share * batches * ranks_.size());
  at::Tensor losses;
  buckets_.begin_step();
  for (std::int64_t number = first; number < first + batches; ++number) {
    const TokenBatch batch = batches_.batch(number);
    const SequenceTables tables = batches_.tables(number);
    for (std::int64_t begin = 0; begin < share; begin += piece_size_) {
      if (leave()) {
        drop_gradients();
        return {};
      }
      if (number + 1 == first + batches && begin + piece_size_ == share) buckets_.expect_last_backward();
      const at::Tensor part = piece(batch, tables, begin, weight);
      losses = losses.defined() ? losses + part : part;
    }
  }
  buckets_.finish();
  ranks_.all_reduce_sum({losses})->wait();
  return losses;
}

at::Tensor StepGradients::piece(const TokenBatch& batch, const SequenceTables& tables, std::int64_t begin,
                                double weight) {
  at::Tensor values;
  const auto work = [&] {
    const at::AutoGradMode gradients(true);
    const StepLoss loss = loss_(state_.model, items_of(batch, begin, piece_size_), tables, weight);
    (state_.scaler ? state_.scaler->scaled(loss.objective) : loss.objective).backward();
    values = loss.values;
  };
  with_batch_advice(
      {.doing = "training on", .items = "images", .setting = "micro_batch", .divides = batches_.share_size()},
      piece_size_, device_, work, [&](std::int64_t items) { try_items(batch, tables, items); });
  return values;
}

// For the search of a batch that fits: the memory is that of a step, the gradients are not kept.
void StepGradients::try_items(const TokenBatch& batch, const SequenceTables& tables, std::int64_t items) {
  const at::AutoGradMode gradients(true);
  drop_gradients();
  const auto found = torch::autograd::grad({loss_(state_.model, items_of(batch, 0, items), tables).objective},
                                           state_.optimizer.parameters(), {}, std::nullopt, /*create_graph=*/false,
                                           /*allow_unused=*/true);
}

void StepGradients::drop_gradients() {
  for (const at::Tensor& parameter : state_.optimizer.parameters()) {
    parameter.mutable_grad() = at::Tensor();
  }
}

double StepGradients::loss_of_first_batch() {
  const at::NoGradGuard no_grad;
  const at::Tensor loss = loss_(state_.model, batches_.batch(0), batches_.tables(0), 1.0 / ranks_.size()).values;
  ranks_.all_reduce_sum({loss})->wait();
  return loss[0].item<double>();
}

}  // namespace checkerlab::model
