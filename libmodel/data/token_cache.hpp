#pragma once

#include <torch/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "libmodel/data/crops.hpp"
#include "libmodel/data/dataset.hpp"
#include "libmodel/data/tokenized_images.hpp"
#include "libmodel/observer.hpp"
#include "libmodel/tokenizer/vq_tokenizer.hpp"

namespace checkerlab::model {

// The tokens of one split at one token side.
struct TokenCache {
  torch::Tensor tokens;   // int16 [N, crops, side*side], raster order
  torch::Tensor labels;   // int64 [N]
  std::int64_t side = 0;  // tokens along a side
};

// Encodes the training split at token side `side`: each crop of an image (for ten crops the images must have
// `source_side` pixels) resized bilinearly to side*stride and encoded by itself.
// Tokens do not depend on `batch`, up to rounding between nearly equal codes. Throws Error on cancellation, or when
// the codebook has more codes than int16 can name.
TokenCache tokenize_dataset(const Dataset& dataset, VqTokenizer& tokenizer, std::int64_t side, Crops crops,
                            std::int64_t batch, torch::Device device, Observer& observer);

// The `tokens` artifact (safetensors: tokens, labels). The file arrives whole or not at all.
void write_token_cache(const std::filesystem::path& path, const TokenCache& cache);
TokenCache read_token_cache(const std::filesystem::path& path);

// One such file a side in `folder`, tokens_016.safetensors for side 16. The whole set of a side must fit in memory.
// Returns the paths.
std::vector<std::filesystem::path> write_token_caches(const std::filesystem::path& folder,
                                                      const TokenizedImages& images);

}  // namespace checkerlab::model
