#include "libmodel/tokenizer/vq_tokenizer.hpp"

#include <torch/types.h>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "libmodel/modules/artifact.hpp"
#include "libmodel/modules/weights.hpp"
#include "libmodel/tokenizer/decoder.hpp"
#include "libmodel/tokenizer/encoder.hpp"

namespace checkerlab::model {

namespace {

constexpr const char* kKind = "tokenizer";

const TokenizerConfig& checked(const TokenizerConfig& config) {
  check_tokenizer_config(config);
  return config;
}

// Unit length over dimension `dim`, in fp32; divides by at least 1e-12.
torch::Tensor unit_length(const torch::Tensor& vectors, std::int64_t dim) {
  const auto wide = vectors.to(torch::kFloat32);
  return wide / wide.norm(2, dim, true).clamp_min(1e-12);
}

}  // namespace

VqTokenizerImpl::VqTokenizerImpl(const TokenizerConfig& config)
    : config_(checked(config)),
      encoder_(register_module("encoder", std::make_shared<TokenizerEncoderImpl>(config))),
      decoder_(register_module("decoder", std::make_shared<TokenizerDecoderImpl>(config))),
      quant_conv_(register_module("quant_conv", conv1x1(config.z_channels, config.code_dim).ptr())),
      post_quant_conv_(register_module("post_quant_conv", conv1x1(config.code_dim, config.z_channels).ptr())),
      codebook_(register_parameter("codebook", torch::randn({config.codes, config.code_dim}))) {}

torch::Tensor VqTokenizerImpl::encode(const torch::Tensor& images) {
  const auto z = quant_conv_->forward(encoder_->forward(images.to(quant_conv_->weight.scalar_type())));
  return unit_length(z, 1);
}

torch::Tensor VqTokenizerImpl::codes() const {
  return unit_length(codebook_, 1);
}

// Rows have unit length, so the nearest code is the one with the largest inner product.
torch::Tensor VqTokenizerImpl::quantize(const torch::Tensor& latents) const {
  const auto rows = latents.to(torch::kFloat32).permute({0, 2, 3, 1}).reshape({-1, config_.code_dim});
  const auto nearest = rows.matmul(codes().t()).argmax(1);
  return nearest.reshape({latents.size(0), latents.size(2), latents.size(3)});
}

torch::Tensor VqTokenizerImpl::look_up(const torch::Tensor& tokens) const {
  return torch::embedding(codes(), tokens.to(torch::kInt64)).permute({0, 3, 1, 2}).contiguous();
}

torch::Tensor VqTokenizerImpl::decode_latents(const torch::Tensor& latents) {
  const auto type = post_quant_conv_->weight.scalar_type();
  return decoder_->forward(post_quant_conv_->forward(latents.to(type))).to(torch::kFloat32);
}

torch::Tensor VqTokenizerImpl::tokenize(const torch::Tensor& images, std::int64_t side) {
  return quantize(encode(resize_images(images, side * config_.stride)));
}

torch::Tensor resize_images(const torch::Tensor& images, std::int64_t side) {
  if (images.size(2) == side && images.size(3) == side) return images;
  return at::upsample_bilinear2d(images, {side, side}, false);
}

void write_tokenizer(const std::filesystem::path& path, const VqTokenizer& tokenizer) {
  TensorFile file;
  file.tensors = module_weights(*tokenizer);
  file.metadata = artifact_metadata(kKind, to_json_object(tokenizer->config()));
  write_safetensors(path, file);
}

VqTokenizer read_tokenizer(const std::filesystem::path& path) {
  const auto file = read_safetensors(path);
  VqTokenizer tokenizer(tokenizer_config_from_json(artifact_config(file, kKind, path)));
  load_module_weights(*tokenizer, file, path);
  tokenizer->eval();
  return tokenizer;
}

}  // namespace checkerlab::model
