#pragma once

#include <torch/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "libmodel/observer.hpp"
#include "libmodel/tokenizer/quality.hpp"
#include "libmodel/tokenizer/vq_tokenizer.hpp"

namespace checkerlab::model {

// How a tokenizer is trained from scratch.
struct TokenizerTraining {
  std::vector<std::int64_t> sizes;  // token sides that must be coded well; the largest is the images' own
  std::int64_t steps = 0;
  std::int64_t batch = 0;
  double lr = 0;
  std::uint64_t seed = 0;
};

struct TokenizerReport {
  TokenizerQuality quality;  // of (at most 1,024) test images at the trained sides
  double final_loss = 0;     // mean over the last 20 steps
  double seconds = 0;        // of this call
};

// Trains `tokenizer` in place. Loss: |x - x'|_1 + |x - x'|_2^2 of the image at the side drawn (the largest side with
// probability 1/2, else one of the others), plus |sg(z) - e|^2 + 0.25 |z - sg(e)|^2, straight-through (van den Oord et
// al. 2017). The codebook starts from latents of the data after a few steps without quantisation; codes not used for a
// while are drawn anew from latents. AdamW, linear warm-up, cosine decay. All draws are functions of (seed, step), so
// a run resumed from a checkpoint goes on as if it had not stopped.
//
// `images`, `test_images`: uint8 [N,S,S,3] with S = largest side * stride. `resume`: a checkpoint that the observer
// was given by an earlier call. Leaves the tokenizer in evaluation mode on `device`. Throws Error on cancellation
// (code `cancelled`), settings out of range, images of another size, or a loss that is not finite.
TokenizerReport train_tokenizer(VqTokenizer& tokenizer, const torch::Tensor& images, const torch::Tensor& test_images,
                                const TokenizerTraining& training, torch::Device device, Observer& observer,
                                const std::optional<std::filesystem::path>& resume);

}  // namespace checkerlab::model
