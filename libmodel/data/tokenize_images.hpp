#pragma once

#include <torch/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "libmodel/data/crops.hpp"
#include "libmodel/data/tokenized_images.hpp"
#include "libmodel/image/decode.hpp"
#include "libmodel/observer.hpp"
#include "libmodel/tokenizer/vq_tokenizer.hpp"

namespace checkerlab::model {

struct TokenizeOptions {
  std::int64_t image_size = 0;  // side of the crops in pixels, a multiple of the tokenizer's stride
  std::vector<int> sides;       // token sides wanted; empty: `cached_sides`
  Crops crops = Crops::ten;
  std::string split = "train";   // as `images_of_split`
  std::int64_t batch = 64;       // crops that go through the encoder together
  std::int64_t threads = 1;      // that decode
  std::int64_t max_corrupt = 0;  // more corrupt images than this end the work
  Pose pose = Pose::upright;     // the released pipeline: as_stored
};

// The token sides that one cache holds to serve every ratio: the released ones (1 2 3 4 5 6 7 8 10 11 13 16, made for a
// grid of 16) as far as the grid goes, and the sizes of the ratios sqrt 2, 2, 3 and 4 for this grid.
std::vector<int> cached_sides(int grid);

// Encodes a labelled image set (any source of `open_source`, also CIFAR binaries) crop by crop at every side: images
// are decoded on `threads` threads, brought to `source_side` by `fit_square`, cut on the device, and each scale is
// encoded on its own from the crop resized to side * stride pixels (fp32). The images are never all in memory; the
// tokens grow in temporary files in `folder`. Tokens do not depend on batch or threads, up to rounding between nearly
// equal codes. Leaves the tokenizer in evaluation mode on `device`.
//
// Throws Error: invalid_argument (image size not a multiple of the stride, sides beyond the grid, more codes than int16
// can name), what reading throws, cancelled.
TokenizedImages tokenize_images(const std::filesystem::path& images, VqTokenizer& tokenizer,
                                const TokenizeOptions& options, const std::filesystem::path& folder,
                                torch::Device device, Observer& observer);

}  // namespace checkerlab::model
