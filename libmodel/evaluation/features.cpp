#include "libmodel/evaluation/features.hpp"

#include <torch/torch.h>

#include <algorithm>

#include "base/error.hpp"
#include "libmodel/evaluation/exact_products.hpp"
#include "libmodel/image/tensor.hpp"

namespace checkerlab::model {

ImageFeatures compute_features(MetricNetwork& network, const torch::Tensor& pixels, std::int64_t batch,
                               torch::Device device, Observer& observer) {
  if (batch < 1) throw Error(ErrorCode::invalid_argument, "the batch of the metric network must be positive");
  const torch::NoGradGuard no_grad;
  const ExactProducts exact;
  const auto count = pixels.size(0);
  ImageFeatures result{torch::empty({count, network->config().feature_width}),
                       torch::empty({count, network->config().classes})};
  for (std::int64_t begin = 0; begin < count; begin += batch) {
    throw_if_cancelled(observer, "the metric network");
    const auto end = std::min(begin + batch, count);
    const auto outputs = network->forward(normalise_pixels(pixels.slice(0, begin, end).to(device)));
    result.features.slice(0, begin, end).copy_(outputs.features);
    result.log_probabilities.slice(0, begin, end).copy_(torch::log_softmax(outputs.logits, 1));
  }
  return result;
}

}  // namespace checkerlab::model
