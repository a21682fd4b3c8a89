#include "libmodel/tokenizer/quality.hpp"

#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>

#include "libmodel/evaluation/frechet.hpp"
#include "libmodel/evaluation/sufficient_statistics.hpp"
#include "libmodel/image/tensor.hpp"
#include "libmodel/tokenizer/code_usage.hpp"

namespace checkerlab::model {

namespace {

SufficientStatistics joined(const std::optional<SufficientStatistics>& known, const torch::Tensor& features) {
  const auto more = accumulate(features);
  return known ? merge(*known, more) : more;
}

// Sums over the batches of one scale.
class ScaleMeter {
 public:
  ScaleMeter(std::int64_t side, std::int64_t codes) : side_(side), counts_(torch::zeros({codes}, torch::kInt64)) {}

  void add(VqTokenizer& tokenizer, const torch::Tensor& images, const FeaturesOf& features) {
    const auto size = images.size(2);
    const auto originals = resize_images(images, side_ * tokenizer->config().stride);
    const auto latents = tokenizer->encode(originals);
    const auto tokens = tokenizer->quantize(latents);
    const auto codes = tokenizer->look_up(tokens);
    const auto decoded = tokenizer->decode_latents(codes).clamp(-1, 1);
    counts_ += torch::bincount(tokens.flatten(), {}, counts_.size(0)).cpu();
    error_ += (codes - latents).square().sum(torch::kFloat64).item<double>();
    places_ += codes.numel();
    squares_ += (decoded - originals).square().sum(torch::kFloat64).item<double>();
    values_ += originals.numel();
    if (!features) return;
    originals_ = joined(originals_, features(to_pixels(resize_images(originals, size))));
    decoded_ = joined(decoded_, features(to_pixels(resize_images(decoded, size))));
  }

  [[nodiscard]] ScaleQuality finish() const {
    const double error = std::max(squares_ / static_cast<double>(values_), 1e-12);
    ScaleQuality quality{.side = side_,
                         .psnr = 10 * std::log10(4 / error),
                         .quantisation_error = error_ / static_cast<double>(places_),
                         .codebook_use = counts_.gt(0).to(torch::kFloat64).mean().item<double>(),
                         .perplexity = perplexity_of(counts_)};
    if (originals_ && originals_->n > 1) quality.rfid = frechet_distance(moments(*originals_), moments(*decoded_));
    return quality;
  }

  [[nodiscard]] const torch::Tensor& counts() const { return counts_; }

 private:
  std::int64_t side_;
  torch::Tensor counts_;
  double error_ = 0, squares_ = 0;
  std::int64_t places_ = 0, values_ = 0;
  std::optional<SufficientStatistics> originals_, decoded_;
};

}  // namespace

TokenizerQuality tokenizer_quality(VqTokenizer& tokenizer, const torch::Tensor& images,
                                   const std::vector<std::int64_t>& sides, std::int64_t batch, torch::Device device,
                                   Observer& observer, const FeaturesOf& features, std::int64_t limit) {
  const torch::NoGradGuard no_grad;
  auto ascending = sides;
  std::sort(ascending.begin(), ascending.end());
  std::vector<ScaleMeter> meters;
  for (const auto side : ascending)
    meters.emplace_back(side, tokenizer->config().codes);
  TokenizerQuality quality;
  quality.images = std::min(images.size(0), limit);
  for (std::int64_t begin = 0; begin < quality.images; begin += batch) {
    const auto end = std::min(begin + batch, quality.images);
    const auto originals = normalise_pixels(images.slice(0, begin, end).to(device));
    for (auto& meter : meters) {
      throw_if_cancelled(observer, "the measurement of the tokenizer");
      meter.add(tokenizer, originals, features);
    }
  }
  auto counts = torch::zeros({tokenizer->config().codes}, torch::kInt64);
  for (const auto& meter : meters) {
    quality.scales.push_back(meter.finish());
    counts += meter.counts();
  }
  quality.psnr = quality.scales.back().psnr;
  quality.rfid = quality.scales.back().rfid;
  quality.codebook_use = counts.gt(0).to(torch::kFloat64).mean().item<double>();
  quality.perplexity = perplexity_of(counts);
  return quality;
}

}  // namespace checkerlab::model
