// The loss of a batch: mean cross-entropy over all tokens of all scales (natural logarithm), and its parts by scale.
// Immutable.
#pragma once

#include <ATen/core/Tensor.h>

#include "libmodel/training/train_config.hpp"
#include "libmodel/transformer/forward.hpp"

namespace checkerlab::model {

struct StepLoss {
  at::Tensor objective;  // [] fp32: the weighted loss, what gradients are taken of
  at::Tensor values;     // [1 + scales] fp32 without gradient: the loss and the means over the tokens of each scale,
                         // weighted as well
};

class TrainingLoss {
 public:
  TrainingLoss(const TrainConfig& config, c10::Device device);

  // `weight`: the part that these items are of the step. In models with a head perceptron the gradient of its outputs
  // gets kHeadPull · weight times the outputs besides (head_rows): not in the loss, and not scaled with it.
  StepLoss operator()(const Model& model, const TokenBatch& batch, const SequenceTables& tables,
                      double weight = 1) const;

 private:
  c10::Device device_;
  Precision precision_;
  at::Tensor means_;  // [scales, L]: times the losses of L tokens the mean over each scale
};

}  // namespace checkerlab::model
