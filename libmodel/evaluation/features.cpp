#include "libmodel/evaluation/features.hpp"

#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>

#include "base/error.hpp"
#include "libmodel/evaluation/exact_products.hpp"
#include "libmodel/image/tensor.hpp"

namespace checkerlab::model {

MetricOutputs metric_outputs(MetricNetwork& network, const torch::Tensor& pixels, std::int64_t batch,
                             torch::Device device, Observer& observer, const std::function<void(std::int64_t)>& done) {
  if (batch < 1) throw Error(ErrorCode::invalid_argument, "the batch of the metric network must be positive");
  const torch::NoGradGuard no_grad;
  const ExactProducts exact;
  const auto count = pixels.size(0);
  MetricOutputs all{torch::empty({count, network->config().feature_width}),
                    torch::empty({count, network->config().classes})};
  for (std::int64_t begin = 0; begin < count; begin += batch) {
    throw_if_cancelled(observer, "the metric network");
    const auto end = std::min(begin + batch, count);
    const auto outputs = network->forward(normalise_pixels(pixels.slice(0, begin, end).to(device)));
    all.features.slice(0, begin, end).copy_(outputs.features);
    all.logits.slice(0, begin, end).copy_(outputs.logits);
    if (done) done(end);
  }
  return all;
}

ImageFeatures compute_features(MetricNetwork& network, const torch::Tensor& pixels, std::int64_t batch,
                               torch::Device device, Observer& observer) {
  const auto outputs = metric_outputs(network, pixels, batch, device, observer);
  return {outputs.features, torch::log_softmax(outputs.logits, 1)};
}

}  // namespace checkerlab::model
