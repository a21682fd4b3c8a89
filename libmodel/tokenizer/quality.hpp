#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "libmodel/observer.hpp"
#include "libmodel/tokenizer/vq_tokenizer.hpp"

namespace checkerlab::model {

struct TokenizerQuality {
  double psnr = 0;  // dB at the largest side: 10 log10(4 / mean squared error), images in [-1, 1], output clamped
  double codebook_use = 0;  // share of the codes that occur at any of the sides
};

// Images that quality is measured on, at most.
inline constexpr std::int64_t kQualityImages = 1024;

// Of the first kQualityImages of `images`, uint8 [N,S,S,3]. Throws Error on cancellation.
TokenizerQuality tokenizer_quality(VqTokenizer& tokenizer, const torch::Tensor& images,
                                   const std::vector<std::int64_t>& sides, std::int64_t batch, torch::Device device,
                                   Observer& observer);

}  // namespace checkerlab::model
