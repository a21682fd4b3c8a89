#include "libmodel/evaluation/feature_network.hpp"

#include "base/error.hpp"
#include "base/sha256.hpp"
#include "libmodel/checkpoint/safetensors.hpp"
#include "libmodel/evaluation/inception/inception_features.hpp"
#include "libmodel/evaluation/inception/weight_file.hpp"
#include "libmodel/evaluation/metric_features.hpp"

namespace checkerlab::model {
namespace {

bool is_metric_network(const std::filesystem::path& file) {
  if (network_file_kind(file) != NetworkFileKind::safetensors) return false;
  const auto metadata = read_safetensors_metadata(file);
  const auto kind = metadata.find("kind");
  return kind != metadata.end() && kind->second == "metric_network";
}

}  // namespace

FeaturePrecision feature_precision_from_string(std::string_view text) {
  if (text == "fp32") return FeaturePrecision::fp32;
  if (text == "tf32") return FeaturePrecision::tf32;
  if (text == "fp16") return FeaturePrecision::fp16;
  throw Error(ErrorCode::invalid_argument, "unknown precision of features '" + std::string(text) + "'",
              "Use fp32, tf32 or fp16");
}

std::string_view to_string(FeaturePrecision precision) {
  if (precision == FeaturePrecision::fp32) return "fp32";
  return precision == FeaturePrecision::tf32 ? "tf32" : "fp16";
}

std::unique_ptr<FeatureNetwork> open_feature_network(const std::filesystem::path& file, c10::Device device,
                                                     FeaturePrecision precision) {
  if (is_metric_network(file)) {
    if (precision != FeaturePrecision::fp32)
      throw Error(ErrorCode::invalid_argument, file.string() + " is a metric network: it computes in fp32 alone",
                  "Use the precision fp32");
    MetricNetwork network = read_metric_network(file);
    return make_metric_features(std::move(network), sha256_file(file), device);
  }
  const InceptionWeights weights = read_inception_weights(file);
  // In fp32 the same image gives the same bits in every run; the fast modes are approximate anyway.
  const bool tune = precision != FeaturePrecision::fp32;
  return make_inception_features(weights, sha256_file(file), device, precision, tune);
}

}  // namespace checkerlab::model
