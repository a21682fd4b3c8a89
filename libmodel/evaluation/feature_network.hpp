// The network whose features the metrics compare, whatever file it came from.
#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libmodel/observer.hpp"

namespace checkerlab::model {

// How products are computed. Values of fp32 agree with other implementations within 1e-4; the others are faster, need a
// CUDA device and differ by what docs/evaluation.md states, so they are part of a measurement's identity.
enum class FeaturePrecision { fp32, tf32, fp16 };

// Throws Error(invalid_argument) for other names.
FeaturePrecision feature_precision_from_string(std::string_view text);
std::string_view to_string(FeaturePrecision precision);

// What the metrics need of N images; row i belongs to image i. All contiguous fp32 on the CPU.
struct NetworkFeatures {
  at::Tensor pool;     // [N, width()]: pool3, the features of FID, KID, precision and recall
  at::Tensor spatial;  // [N, spatial_width()]: the features of sFID; undefined where the network has none
  // [N, classes()]: what the softmax of the inception score is taken of. The Inception's are without the bias, as in
  // the published evaluators; a metric network's are its own, bias included.
  at::Tensor logits;
};

// Owns its weights on its device. Not thread-safe: one caller at a time.
class FeatureNetwork {
 public:
  FeatureNetwork() = default;
  FeatureNetwork(const FeatureNetwork&) = delete;
  FeatureNetwork& operator=(const FeatureNetwork&) = delete;
  virtual ~FeatureNetwork() = default;

  // Features of uint8 pixels [N,H,W,3] (RGB; any device; N = 0 gives empty rows), `batch` images at a time. They depend
  // on the image alone, not on the batch or its order, to 1e-4 in fp32. Reports progress in "images" out of N and can
  // be cancelled between batches. The Inception takes at most 8 images at a time on the CPU and 512 on a CUDA device.
  // There batches overlap with bringing pixels and fetching rows, so a call with many of them is faster than many
  // calls. Throws Error: invalid_argument (pixels of another type or shape, a batch below 1, a size that the network
  // cannot take), not_finite, cancelled.
  virtual NetworkFeatures compute(const at::Tensor& pixels, std::int64_t batch, Observer& observer) = 0;

  virtual std::string kind() const = 0;  // "inception-2015-12-05" or "metric-network"
  virtual std::int64_t width() const = 0;
  virtual std::int64_t spatial_width() const = 0;  // 0: no spatial features
  virtual std::int64_t classes() const = 0;
  // True where images of any size are brought to the network's own; false where all must have the size that it was
  // trained on.
  virtual bool resizes() const = 0;

  const std::string& sha256() const { return sha256_; }  // of the file, 64 hexadecimal digits
  c10::Device device() const { return device_; }
  FeaturePrecision precision() const { return precision_; }

 protected:
  FeatureNetwork(std::string sha256, c10::Device device, FeaturePrecision precision)
      : sha256_(std::move(sha256)), device_(device), precision_(precision) {}

 private:
  std::string sha256_;
  c10::Device device_ = c10::kCPU;
  FeaturePrecision precision_ = FeaturePrecision::fp32;
};

// Opens the 2015-12-05 Inception (PyTorch's legacy or zip format, its TorchScript archive, TensorFlow's GraphDef, or
// safetensors with the names of the PyTorch file) or a metric network. Nothing that the file brings is run. Throws
// Error naming the file: not_found, io_error, invalid_data (broken, another kind of file, or tensors that are missing
// or have other shapes: all of them in one message), not_finite, too_large, invalid_argument (the precision needs a
// CUDA device, or the network is a metric network, which has fp32 alone).
std::unique_ptr<FeatureNetwork> open_feature_network(const std::filesystem::path& file, c10::Device device,
                                                     FeaturePrecision precision = FeaturePrecision::fp32);

// Where named networks lie: $CHECKERLAB_NETWORKS (several folders apart by ':'), else DATA/networks.
std::vector<std::filesystem::path> network_folders(const std::filesystem::path& data);

// The file that a user means: a path, or the name of a file in one of the folders, with or without its extension.
// Throws Error: not_found (lists what the folders hold), invalid_argument (a name that fits several files).
std::filesystem::path find_network(const std::string& name_or_path, const std::vector<std::filesystem::path>& folders);

}  // namespace checkerlab::model
