#include "libmodel/evaluation/metric_features.hpp"

#include "base/error.hpp"
#include "libmodel/evaluation/features.hpp"

namespace checkerlab::model {
namespace {

class MetricFeatures final : public FeatureNetwork {
 public:
  MetricFeatures(MetricNetwork network, std::string sha256, c10::Device device)
      : FeatureNetwork(std::move(sha256), device, FeaturePrecision::fp32), network_(std::move(network)) {
    network_->to(device);
  }

  NetworkFeatures compute(const at::Tensor& pixels, std::int64_t batch, Observer& observer) override {
    if (pixels.dim() != 4 || pixels.size(3) != 3 || pixels.scalar_type() != at::kByte)
      throw Error(ErrorCode::invalid_argument, "the metric network takes uint8 images [N,H,W,3]");
    const auto count = pixels.size(0);
    const auto outputs = metric_outputs(network_, pixels, batch, device(), observer,
                                        [&](std::int64_t done) { observer.progress(done, count, "images"); });
    return {.pool = outputs.features, .logits = outputs.logits};
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
