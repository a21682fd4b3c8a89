#include "libmodel/training/start_weights.hpp"

#include <ATen/ATen.h>

#include <string>

#include "base/error.hpp"
#include "libmodel/checkpoint/released/adopt_weights.hpp"

namespace checkerlab::model {
namespace {

void check_finite(const Model& model) {
  ModelWeights weights = model.weights;
  visit_weights(model.config, weights, [](const std::string& name, at::Tensor& tensor, const auto&) {
    if (!tensor.isfinite().all().template item<bool>())
      throw Error(ErrorCode::not_finite, "training: the weights to start from hold NaN or infinity in '" + name + "'",
                  "Start from an earlier checkpoint");
  });
}

}  // namespace

Model start_from(const Model& fresh, const Model& other, Observer& observer) {
  check_finite(other);
  Model started = fresh;
  for (const std::string& note : adopt_weights(started, other)) {
    observer.log(LogLevel::warning, note);
  }
  return started;
}

}  // namespace checkerlab::model
