// The exponential moving average of a model's weights: after every step, average = decay · average + (1 − decay) ·
// weights. Not thread-safe.
#pragma once

#include <filesystem>
#include <vector>

#include "libmodel/transformer/model.hpp"

namespace checkerlab::model {

class WeightAverage {
 public:
  // Starts from the weights as they are, on their device.
  WeightAverage(const Model& model, double decay);

  // With the weights of the model that it was made from; their order is that of visit_weights.
  void update(const std::vector<at::Tensor>& weights);

  const Model& model() const { return average_; }
  // Takes the weights of `other`, which has the same configuration.
  void set(const Model& other);

 private:
  double decay_;
  Model average_;
  std::vector<at::Tensor> tensors_;  // of average_
};

}  // namespace checkerlab::model
