#include "libmodel/evaluation/metric_features.hpp"

#include <torch/torch.h>

#include <algorithm>

#include "base/error.hpp"
#include "libmodel/evaluation/exact_products.hpp"
#include "libmodel/image/tensor.hpp"

namespace checkerlab::model {
namespace {

class MetricFeatures final : public FeatureNetwork {
 public:
  MetricFeatures(MetricNetwork network, std::string sha256, c10::Device device)
      : FeatureNetwork(std::move(sha256), device, FeaturePrecision::fp32), network_(std::move(network)) {
    network_->to(device);
  }

  NetworkFeatures compute(const at::Tensor& pixels, std::int64_t batch, Observer& observer) override {
    if (batch < 1) throw Error(ErrorCode::invalid_argument, "the batch of the metric network must be positive");
    if (pixels.dim() != 4 || pixels.size(3) != 3 || pixels.scalar_type() != at::kByte)
      throw Error(ErrorCode::invalid_argument, "the metric network takes uint8 images [N,H,W,3]");
    const torch::NoGradGuard no_grad;
    const ExactProducts exact;
    const auto count = pixels.size(0);
    NetworkFeatures result{.pool = torch::empty({count, width()}), .logits = torch::empty({count, classes()})};
    for (std::int64_t begin = 0; begin < count; begin += batch) {
      throw_if_cancelled(observer, "the metric network");
      const auto end = std::min(begin + batch, count);
      const auto outputs = network_->forward(normalise_pixels(pixels.slice(0, begin, end).to(device())));
      result.pool.slice(0, begin, end).copy_(outputs.features);
      result.logits.slice(0, begin, end).copy_(outputs.logits);
      observer.progress(end, count, "images");
    }
    return result;
  }

  std::string kind() const override { return "metric-network"; }
  std::int64_t width() const override { return network_->config().feature_width; }
  std::int64_t spatial_width() const override { return 0; }
  std::int64_t classes() const override { return network_->config().classes; }
  bool resizes() const override { return false; }

 private:
  MetricNetwork network_;
};

}  // namespace

std::unique_ptr<FeatureNetwork> make_metric_features(MetricNetwork network, std::string sha256, c10::Device device) {
  return std::make_unique<MetricFeatures>(std::move(network), std::move(sha256), device);
}

}  // namespace checkerlab::model
