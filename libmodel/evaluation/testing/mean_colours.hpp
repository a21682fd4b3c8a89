// For tests: a feature network whose features can be told from the pixels by hand.
#pragma once

#include <ATen/ATen.h>

#include <string>
#include <vector>

#include "libmodel/evaluation/feature_network.hpp"

namespace checkerlab::model {

// Pool features: mean red, green and blue. Spatial features: the first pixel. Logits: the mean of all over 100, and 0.
class MeanColours final : public FeatureNetwork {
 public:
  explicit MeanColours(bool resizes = true)
      : FeatureNetwork(std::string(64, 'c'), c10::kCPU, FeaturePrecision::fp32), resizes_(resizes) {}

  NetworkFeatures compute(const at::Tensor& pixels, std::int64_t, Observer& observer) override {
    calls.push_back(pixels.size(0));
    const auto values = pixels.to(at::kFloat);
    const auto mean = values.mean({1, 2, 3}).unsqueeze(1) / 100;
    observer.progress(pixels.size(0), pixels.size(0), "images");
    return {values.mean({1, 2}).contiguous(), values.select(1, 0).select(1, 0).contiguous(),
            at::cat({mean, at::zeros_like(mean)}, 1)};
  }
  std::string kind() const override { return "metric-network"; }
  std::int64_t width() const override { return 3; }
  std::int64_t spatial_width() const override { return 3; }
  std::int64_t classes() const override { return 2; }
  bool resizes() const override { return resizes_; }

  std::vector<std::int64_t> calls;  // images of each

 private:
  bool resizes_;
};

}  // namespace checkerlab::model
