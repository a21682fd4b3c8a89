// The tokenizer that tests use: two levels, stride 2, 32 codes; milliseconds an image.
#pragma once

#include "libmodel/tokenizer/config.hpp"

namespace checkerlab::model {

inline TokenizerConfig tiny_tokenizer_config() {
  return {.stride = 2,
          .channels = 8,
          .multipliers = {1, 2},
          .res_blocks = 1,
          .z_channels = 8,
          .attention = false,
          .codes = 32,
          .code_dim = 4,
          .groups = 2};
}

}  // namespace checkerlab::model
