#pragma once

#include "libmodel/tokenizer/blocks.hpp"
#include "libmodel/tokenizer/config.hpp"

namespace checkerlab::model {

// Images [B,3,s*p,s*p] to features [B,z_channels,s,s]: a 3x3 convolution, one level a resolution (halved between
// levels), the middle, GroupNorm, swish, 3x3 convolution.
class TokenizerEncoderImpl : public torch::nn::Module {
 public:
  explicit TokenizerEncoderImpl(const TokenizerConfig& config);
  torch::Tensor forward(torch::Tensor x);

 private:
  torch::nn::Conv2d conv_in_{nullptr}, conv_out_{nullptr};
  torch::nn::ModuleList levels_{nullptr};
  Middle middle_{nullptr};
  torch::nn::GroupNorm norm_out_{nullptr};
};

}  // namespace checkerlab::model
