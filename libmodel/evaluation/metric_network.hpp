#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/pimpl.h>

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <vector>

namespace checkerlab::model {

struct MetricNetworkConfig {
  std::vector<std::int64_t> channels;  // width of each level; the resolution halves between levels
  std::int64_t feature_width = 0;      // D
  std::int64_t classes = 0;            // K

  friend bool operator==(const MetricNetworkConfig&, const MetricNetworkConfig&) = default;
};

// Throws Error when a value is out of range (widths are multiples of 8).
void check_metric_network_config(const MetricNetworkConfig& config);

nlohmann::json to_json_object(const MetricNetworkConfig& config);
MetricNetworkConfig metric_network_config_from_json(const nlohmann::json& object);

struct MetricOutputs {
  torch::Tensor features;  // fp32 [N,D]
  torch::Tensor logits;    // fp32 [N,K]
};

// The feature network of a study: a small convolutional classifier trained on the study's data set. Its penultimate
// layer gives the features of FID, its logits the probabilities of the inception score.
//
// Level i: 3x3 convolution, GroupNorm, SiLU, 3x3 convolution, GroupNorm, SiLU; 2x2 average pooling between levels; the
// mean over the map, a Linear to D with ReLU (the features), a Linear to K (the logits). No batch statistics and no
// dropout, so an image's features depend on the image alone.
class MetricNetworkImpl : public torch::nn::Module {
 public:
  explicit MetricNetworkImpl(const MetricNetworkConfig& config);

  [[nodiscard]] const MetricNetworkConfig& config() const { return config_; }

  // float [N,3,H,W] in [-1, 1]; differentiable.
  MetricOutputs forward(const torch::Tensor& images);

 private:
  MetricNetworkConfig config_;
  torch::nn::Sequential levels_{nullptr};
  torch::nn::Linear features_{nullptr};
  torch::nn::Linear logits_{nullptr};
};
TORCH_MODULE(MetricNetwork);

// The `network` artifact: weights by name, the config in the metadata.
void write_metric_network(const std::filesystem::path& path, const MetricNetwork& network);

// Throws Error when the file is not a metric network or its tensors do not fit. Evaluation mode, on the CPU.
MetricNetwork read_metric_network(const std::filesystem::path& path);

}  // namespace checkerlab::model
