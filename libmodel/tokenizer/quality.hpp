#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "libmodel/observer.hpp"
#include "libmodel/tokenizer/vq_tokenizer.hpp"

namespace checkerlab::model {

// How well a tokenizer codes one scale: the originals are the images resized to side * stride pixels as the encoder
// sees them, the reconstructions what the decoder makes of their tokens, clamped to [-1, 1].
struct ScaleQuality {
  std::int64_t side = 0;
  double psnr = 0;                // dB: 10 log10(4 / mean squared error)
  double quantisation_error = 0;  // mean over places and dimensions of (code - latent)^2
  double codebook_use = 0;        // share of the codes that occur
  double perplexity = 0;          // exp of the entropy of the codes' shares
  std::optional<double> rfid;     // Fréchet distance of features, originals to reconstructions, both of this scale and
                                  // resized to the whole image's size; where features were given
};

struct TokenizerQuality {
  std::int64_t images = 0;
  double psnr = 0;                   // at the largest side
  double codebook_use = 0;           // at any of the sides
  double perplexity = 0;             // over the tokens of all sides
  std::optional<double> rfid;        // at the largest side
  std::vector<ScaleQuality> scales;  // ascending
};

// Images that quality is measured on where nothing else is said, at most.
inline constexpr std::int64_t kQualityImages = 1024;

// Features [N,D] of images uint8 [N,H,W,3], for the Fréchet distance.
using FeaturesOf = std::function<torch::Tensor(const torch::Tensor& pixels)>;

// Of the first `limit` of `images`, uint8 [N,S,S,3]. A Fréchet distance needs at least two images. Throws Error on
// cancellation.
TokenizerQuality tokenizer_quality(VqTokenizer& tokenizer, const torch::Tensor& images,
                                   const std::vector<std::int64_t>& sides, std::int64_t batch, torch::Device device,
                                   Observer& observer, const FeaturesOf& features = nullptr,
                                   std::int64_t limit = kQualityImages);

}  // namespace checkerlab::model
