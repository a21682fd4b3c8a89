// The gradients of a training step: those of its batches, in pieces that fit into memory, summed over the ranks. Not
// thread-safe.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>

#include "libmodel/data/token_source.hpp"
#include "libmodel/distributed/communicator.hpp"
#include "libmodel/distributed/gradient_buckets.hpp"
#include "libmodel/training/batches.hpp"
#include "libmodel/training/train_config.hpp"
#include "libmodel/training/training_loss.hpp"
#include "libmodel/training/training_state.hpp"

namespace checkerlab::model {

class StepGradients {
 public:
  // Keeps references to everything. `micro_batch` (0: none) divides this rank's share of a batch; throws
  // Error(ErrorCode::invalid_argument) when it does not.
  StepGradients(const TrainConfig& config, const TokenSource& tokens, c10::Device device, std::int64_t micro_batch,
                const TrainingState& state, Communicator& ranks);

  // Leaves in the weights the gradient of the mean loss of `batches` batches from number `first` on (times the loss
  // scale in fp16). Returns the mean loss and those of the scales over all ranks, [1 + scales], on the device;
  // undefined when `leave` said so between two pieces. Throws Error(ErrorCode::out_of_memory) with the micro-batch that
  // fits.
  at::Tensor compute(std::int64_t first, std::int64_t batches, const std::function<bool()>& leave);

  double loss_of_first_batch();

 private:
  at::Tensor piece(const TokenBatch& batch, const SequenceTables& tables, std::int64_t begin, double weight);
  void try_items(const TokenBatch& batch, const SequenceTables& tables, std::int64_t items);
  void drop_gradients();

  c10::Device device_;
  const TrainingState& state_;
  Communicator& ranks_;
  BatchSource batches_;
  TrainingLoss loss_;
  GradientBuckets buckets_;
  std::int64_t piece_size_;
};

}  // namespace checkerlab::model
