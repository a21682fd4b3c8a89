#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "libmodel/image/image.hpp"
#include "libmodel/tokenizer/vq_tokenizer.hpp"

namespace checkerlab::model {

// A sheet with one row an image: the original, then what the decoder makes of its tokens at each side, ascending, every
// scale resized (bilinearly) to the size of the original. `images`: uint8 [N,S,S,3], N >= 1.
Image reconstruction_sheet(VqTokenizer& tokenizer, const torch::Tensor& images, const std::vector<std::int64_t>& sides,
                           torch::Device device);

}  // namespace checkerlab::model
