// What the Inception on the CPU and on CUDA devices have in common. Internal to inception/.
#pragma once

#include <memory>
#include <string>

#include "libmodel/evaluation/feature_network.hpp"
#include "libmodel/evaluation/inception/layout.hpp"
#include "libmodel/evaluation/inception/weights.hpp"

namespace checkerlab::model {

class InceptionFeatures : public FeatureNetwork {
 public:
  NetworkFeatures compute(const at::Tensor& pixels, std::int64_t batch, Observer& observer) final;

  std::string kind() const final { return "inception-2015-12-05"; }
  std::int64_t width() const final { return kInceptionWidth; }
  std::int64_t spatial_width() const final { return kSpatialWidth; }
  std::int64_t classes() const final { return kInceptionClasses; }
  bool resizes() const final { return true; }

 protected:
  using FeatureNetwork::FeatureNetwork;

  // Fills the rows of `results`. Pixels are checked, gradients and TF32 are off.
  virtual void run(const at::Tensor& pixels, std::int64_t batch, NetworkFeatures& results, Observer& observer) = 0;
};

// Where the rows of a batch go.
void store_rows(NetworkFeatures& results, std::int64_t begin, const at::Tensor& pool, const at::Tensor& spatial,
                const at::Tensor& logits);

std::unique_ptr<FeatureNetwork> make_cuda_inception(const InceptionWeights& weights, std::string sha256,
                                                    c10::Device device, FeaturePrecision precision, bool tune);

}  // namespace checkerlab::model
