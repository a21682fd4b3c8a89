#include "libmodel/evaluation/metric_network.hpp"

#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/normalization.h>
#include <torch/nn/modules/pooling.h>
#include <torch/types.h>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "libmodel/modules/artifact.hpp"
#include "libmodel/modules/json_field.hpp"
#include "libmodel/modules/weights.hpp"

namespace checkerlab::model {

namespace {

constexpr const char* kKind = "metric_network";
constexpr const char* kWhat = "the metric network's configuration";
constexpr std::int64_t kGroupWidth = 8;

void require(bool condition, const std::string& problem) {
  if (!condition) throw Error(ErrorCode::invalid_argument, "the metric network cannot be built: " + problem);
}

void add_convolution(torch::nn::Sequential& level, std::int64_t in, std::int64_t out) {
  level->push_back(torch::nn::Conv2d(torch::nn::Conv2dOptions(in, out, 3).padding(1)));
  level->push_back(torch::nn::GroupNorm(torch::nn::GroupNormOptions(out / kGroupWidth, out)));
  level->push_back(torch::nn::SiLU());
}

}  // namespace

void check_metric_network_config(const MetricNetworkConfig& config) {
  require(!config.channels.empty() && config.channels.size() <= 8, "it needs 1 to 8 levels");
  for (const auto width : config.channels) {
    require(width >= kGroupWidth && width <= 4096 && width % kGroupWidth == 0,
            "the width " + std::to_string(width) + " is not a multiple of 8 up to 4096");
  }
  require(config.feature_width >= 2 && config.feature_width <= 4096, "feature_width must be 2 to 4096");
  require(config.classes >= 2, "it needs at least two classes");
}

nlohmann::json to_json_object(const MetricNetworkConfig& config) {
  return {{"channels", config.channels}, {"feature_width", config.feature_width}, {"classes", config.classes}};
}

MetricNetworkConfig metric_network_config_from_json(const nlohmann::json& object) {
  MetricNetworkConfig config;
  config.channels = json_field<std::vector<std::int64_t>>(object, "channels", kWhat);
  config.feature_width = json_field<std::int64_t>(object, "feature_width", kWhat);
  config.classes = json_field<std::int64_t>(object, "classes", kWhat);
  check_metric_network_config(config);
  return config;
}

MetricNetworkImpl::MetricNetworkImpl(const MetricNetworkConfig& config) : config_(config) {
  check_metric_network_config(config);
  levels_ = register_module("levels", torch::nn::Sequential());
  std::int64_t width = 3;
  for (const auto channels : config.channels) {
    if (width != 3) levels_->push_back(torch::nn::AvgPool2d(torch::nn::AvgPool2dOptions(2)));
    add_convolution(levels_, width, channels);
    add_convolution(levels_, channels, channels);
    width = channels;
  }
  features_ = register_module("features", torch::nn::Linear(width, config.feature_width));
  logits_ = register_module("logits", torch::nn::Linear(config.feature_width, config.classes));
}

MetricOutputs MetricNetworkImpl::forward(const torch::Tensor& images) {
  if (images.size(2) >> (config_.channels.size() - 1) < 1) {
    throw Error(ErrorCode::invalid_argument,
                "images of " + std::to_string(images.size(2)) + " pixels are too small for " +
                    std::to_string(config_.channels.size()) + " levels of the metric network",
                "Give metric_network.channels fewer levels.");
  }
  const auto features = torch::relu(features_(levels_->forward(images).mean({2, 3})));
  return {features, logits_(features)};
}

void write_metric_network(const std::filesystem::path& path, const MetricNetwork& network) {
  TensorFile file;
  file.tensors = module_weights(*network);
  file.metadata = artifact_metadata(kKind, to_json_object(network->config()));
  write_safetensors(path, file);
}

MetricNetwork read_metric_network(const std::filesystem::path& path) {
  const auto file = read_safetensors(path);
  MetricNetwork network(metric_network_config_from_json(artifact_config(file, kKind, path)));
  load_module_weights(*network, file, path);
  network->eval();
  return network;
}

}  // namespace checkerlab::model
