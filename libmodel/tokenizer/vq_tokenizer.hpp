#pragma once

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "libmodel/tokenizer/config.hpp"

namespace torch::nn {
class Conv2dImpl;
}

namespace checkerlab::model {

class TokenizerEncoderImpl;
class TokenizerDecoderImpl;

// VQ autoencoder whose latents and codes have unit length over their dimensions; the nearest code by L2 is the token.
//
// Shapes: B images, s tokens along a side, stride p, D = code_dim, K = codes. Images are float [B,3,s*p,s*p] in [-1,
// 1]. Parameter names are those of the released checkpoints (`encoder.*`, `decoder.*`, `quant_conv.*`,
// `post_quant_conv.*`) but for the codebook, which is `codebook` [K,D] here, stored unnormalised.
// Not thread-safe while training; calls without gradients may run concurrently on one device.
class VqTokenizerImpl : public torch::nn::Module {
 public:
  explicit VqTokenizerImpl(const TokenizerConfig& config);

  [[nodiscard]] const TokenizerConfig& config() const { return config_; }

  // Latents before quantisation, [B,D,s,s], unit length over D.
  torch::Tensor encode(const torch::Tensor& images);

  // The codebook with rows of unit length, [K,D].
  torch::Tensor codes() const;

  // Nearest codes of latents [B,D,s,s]: int64 [B,s,s].
  torch::Tensor quantize(const torch::Tensor& latents) const;

  // Latents of tokens [B,s,s]: [B,D,s,s].
  torch::Tensor look_up(const torch::Tensor& tokens) const;

  // Images of quantised latents [B,D,s,s]: [B,3,s*p,s*p], not clamped.
  torch::Tensor decode_latents(const torch::Tensor& latents);

  // Images of tokens [B,s,s], not clamped.
  torch::Tensor decode(const torch::Tensor& tokens) { return decode_latents(look_up(tokens)); }

  // Tokens of images of any size at token side `side`: resized to side*stride (`resize_images`), encoded, quantised.
  torch::Tensor tokenize(const torch::Tensor& images, std::int64_t side);

  // The codebook parameter, unnormalised [K,D].
  torch::Tensor& codebook() { return codebook_; }

 private:
  TokenizerConfig config_;
  // Not as holders: half of libmodel includes this header, and would compile the modules' headers with it.
  std::shared_ptr<TokenizerEncoderImpl> encoder_;
  std::shared_ptr<TokenizerDecoderImpl> decoder_;
  std::shared_ptr<torch::nn::Conv2dImpl> quant_conv_, post_quant_conv_;
  torch::Tensor codebook_;
};
TORCH_MODULE(VqTokenizer);

// Bilinear, align_corners = false, no antialias, to side x side pixels; returns the images where they have that size.
torch::Tensor resize_images(const torch::Tensor& images, std::int64_t side);

// The `tokenizer` artifact: weights by name, the config in the metadata.
void write_tokenizer(const std::filesystem::path& path, const VqTokenizer& tokenizer);

// Throws Error when the file is not a tokenizer, or tensors are missing, unknown or of another shape. The result is in
// evaluation mode on the CPU.
VqTokenizer read_tokenizer(const std::filesystem::path& path);

}  // namespace checkerlab::model
