#include "libmodel/training/weight_average.hpp"

#include <ATen/ATen.h>

namespace checkerlab::model {

WeightAverage::WeightAverage(const Model& model, double decay) : decay_(decay), average_(model) {
  visit_weights(average_.config, average_.weights, [&](const std::string&, at::Tensor& tensor, const auto&) {
    tensor = tensor.detach().clone();
    tensors_.push_back(tensor);
  });
}

void WeightAverage::update(const std::vector<at::Tensor>& weights) {
  const at::NoGradGuard no_grad;
  at::_foreach_lerp_(tensors_, weights, 1 - decay_);
}

void WeightAverage::set(const Model& other) {
  ModelWeights weights = other.weights;
  std::size_t i = 0;
  visit_weights(other.config, weights,
                [&](const std::string&, at::Tensor& tensor, const auto&) { tensors_[i++].copy_(tensor); });
}

}  // namespace checkerlab::model
