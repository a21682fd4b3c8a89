#pragma once

#include "libmodel/tokenizer/blocks.hpp"
#include "libmodel/tokenizer/config.hpp"

namespace checkerlab::model {

// Features [B,z_channels,s,s] to images [B,3,s*p,s*p]: the encoder's mirror image with one residual block more a level
// and upsampling in the place of downsampling.
class TokenizerDecoderImpl : public torch::nn::Module {
 public:
  explicit TokenizerDecoderImpl(const TokenizerConfig& config);
  torch::Tensor forward(torch::Tensor x);

 private:
  torch::nn::Conv2d conv_in_{nullptr}, conv_out_{nullptr};
  Middle middle_{nullptr};
  torch::nn::ModuleList levels_{nullptr};
  torch::nn::GroupNorm norm_out_{nullptr};
};

}  // namespace checkerlab::model
