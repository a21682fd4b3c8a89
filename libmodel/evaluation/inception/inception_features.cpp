#include "libmodel/evaluation/inception/inception_features.hpp"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/isfinite.h>

#include <algorithm>

#include "base/error.hpp"
#include "libmodel/evaluation/exact_products.hpp"
#include "libmodel/evaluation/inception/inception_base.hpp"
#include "libmodel/evaluation/inception/network.hpp"
#include "libmodel/evaluation/inception/resize.hpp"
#include "libmodel/evaluation/inception/torch_layers.hpp"

namespace checkerlab::model {
namespace {

void check_pixels(const at::Tensor& pixels, std::int64_t batch) {
  const auto refuse = [](const std::string& what) { throw Error(ErrorCode::invalid_argument, what); };
  if (batch < 1) refuse("the batch of the feature network must be positive");
  if (pixels.dim() != 4 || pixels.size(3) != 3 || pixels.scalar_type() != at::kByte)
    refuse("the feature network takes uint8 images [N,H,W,3]");
  constexpr std::int64_t kMostSide = 1 << 16;
  if (pixels.size(0) > 0 &&
      (std::min(pixels.size(1), pixels.size(2)) < 1 || std::max(pixels.size(1), pixels.size(2)) > kMostSide))
    refuse("images of " + std::to_string(pixels.size(2)) + "x" + std::to_string(pixels.size(1)) +
           " pixels cannot be resized");
}

class CpuInception final : public InceptionFeatures {
 public:
  CpuInception(const InceptionWeights& weights, std::string sha256)
      : InceptionFeatures(std::move(sha256), c10::kCPU, FeaturePrecision::fp32),
        layers_(weights, c10::kCPU, at::kFloat),
        class_kernel_(weights.class_kernel) {}

 private:
  void run(const at::Tensor& pixels, std::int64_t batch, NetworkFeatures& results, Observer& observer) override {
    // More at once take more memory and are no faster, and progress would be told too rarely.
    constexpr std::int64_t kMostTogether = 8;
    const std::int64_t count = pixels.size(0), together = std::min(batch, kMostTogether);
    for (std::int64_t begin = 0; begin < count; begin += together) {
      throw_if_cancelled(observer, "the feature network");
      const std::int64_t end = std::min(begin + together, count);
      const at::Tensor images = inception_input(pixels.slice(0, begin, end).to(at::kCPU));
      const InceptionOutputs outputs = run_inception(layers_, class_kernel_, images);
      store_rows(results, begin, outputs.pool, outputs.spatial, outputs.logits);
      observer.progress(end, count, "images");
    }
  }

  TorchLayers layers_;
  at::Tensor class_kernel_;
};

}  // namespace

void store_rows(NetworkFeatures& results, std::int64_t begin, const at::Tensor& pool, const at::Tensor& spatial,
                const at::Tensor& logits) {
  const std::int64_t end = begin + pool.size(0);
  if (!at::isfinite(pool).all().item<bool>())
    throw Error(ErrorCode::not_finite,
                "the feature network gave NaN or infinity for an image from " + std::to_string(begin) + " to " +
                    std::to_string(end - 1),
                "Use the precision fp32, or check the weights");
  results.pool.slice(0, begin, end).copy_(pool);
  results.spatial.slice(0, begin, end).copy_(spatial);
  results.logits.slice(0, begin, end).copy_(logits);
}

NetworkFeatures InceptionFeatures::compute(const at::Tensor& pixels, std::int64_t batch, Observer& observer) {
  check_pixels(pixels, batch);
  const at::NoGradGuard no_grad;
  const ExactProducts exact;
  const std::int64_t count = pixels.size(0);
  NetworkFeatures results{.pool = at::empty({count, kInceptionWidth}, at::kFloat),
                          .spatial = at::empty({count, kSpatialWidth}, at::kFloat),
                          .logits = at::empty({count, kInceptionClasses}, at::kFloat)};
  if (count > 0) run(pixels, batch, results, observer);
  return results;
}

std::unique_ptr<FeatureNetwork> make_inception_features(const InceptionWeights& weights, std::string sha256,
                                                        c10::Device device, FeaturePrecision precision, bool tune) {
  if (device.is_cuda()) return make_cuda_inception(weights, std::move(sha256), device, precision, tune);
  if (precision != FeaturePrecision::fp32)
    throw Error(ErrorCode::invalid_argument,
                "the feature network computes in " + std::string(to_string(precision)) + " on CUDA devices only",
                "Use fp32 on the CPU");
  return std::make_unique<CpuInception>(weights, std::move(sha256));
}

}  // namespace checkerlab::model
