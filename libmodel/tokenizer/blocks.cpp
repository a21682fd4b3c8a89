#include "libmodel/tokenizer/blocks.hpp"

#include <torch/nn/functional/padding.h>
#include <torch/nn/functional/upsampling.h>

#include <cmath>
#include <string>

namespace checkerlab::model {

namespace nn = torch::nn;

nn::Conv2d conv3x3(std::int64_t in, std::int64_t out) {
  return nn::Conv2d(nn::Conv2dOptions(in, out, 3).padding(1));
}

nn::Conv2d conv1x1(std::int64_t in, std::int64_t out) {
  return nn::Conv2d(nn::Conv2dOptions(in, out, 1));
}

nn::GroupNorm group_norm(std::int64_t channels, std::int64_t groups) {
  return nn::GroupNorm(nn::GroupNormOptions(groups, channels).eps(1e-6));
}

ResidualBlockImpl::ResidualBlockImpl(std::int64_t in, std::int64_t out, std::int64_t groups)
    : norm1_(register_module("norm1", group_norm(in, groups))),
      norm2_(register_module("norm2", group_norm(out, groups))),
      conv1_(register_module("conv1", conv3x3(in, out))),
      conv2_(register_module("conv2", conv3x3(out, out))) {
  if (in != out) shortcut_ = register_module("nin_shortcut", conv1x1(in, out));
}

torch::Tensor ResidualBlockImpl::forward(const torch::Tensor& x) {
  auto h = conv1_(torch::silu(norm1_(x)));
  h = conv2_(torch::silu(norm2_(h)));
  return (shortcut_ ? shortcut_(x) : x) + h;
}

AttentionBlockImpl::AttentionBlockImpl(std::int64_t channels, std::int64_t groups)
    : norm_(register_module("norm", group_norm(channels, groups))),
      q_(register_module("q", conv1x1(channels, channels))),
      k_(register_module("k", conv1x1(channels, channels))),
      v_(register_module("v", conv1x1(channels, channels))),
      proj_(register_module("proj_out", conv1x1(channels, channels))) {}

torch::Tensor AttentionBlockImpl::forward(const torch::Tensor& x) {
  // Written out: maps are small (at most the token grid), and the fused kernels refuse some of these shapes on CUDA.
  const auto normed = norm_(x);
  const auto queries = q_(normed).flatten(2).transpose(1, 2);
  const double scale = 1 / std::sqrt(static_cast<double>(x.size(1)));
  const auto weights = torch::softmax(at::bmm(queries, k_(normed).flatten(2)) * scale, -1);
  const auto mixed = at::bmm(v_(normed).flatten(2), weights.transpose(1, 2));
  return x + proj_(mixed.view(x.sizes()));
}

DownsampleImpl::DownsampleImpl(std::int64_t channels)
    : conv_(register_module("conv", nn::Conv2d(nn::Conv2dOptions(channels, channels, 3).stride(2)))) {}

torch::Tensor DownsampleImpl::forward(const torch::Tensor& x) {
  return conv_(nn::functional::pad(x, nn::functional::PadFuncOptions({0, 1, 0, 1})));
}

UpsampleImpl::UpsampleImpl(std::int64_t channels) : conv_(register_module("conv", conv3x3(channels, channels))) {}

torch::Tensor UpsampleImpl::forward(const torch::Tensor& x) {
  return conv_(at::upsample_nearest2d(x, {x.size(2) * 2, x.size(3) * 2}));
}

MiddleImpl::MiddleImpl(std::int64_t channels, std::int64_t groups, bool attention)
    : first_(register_module("0", ResidualBlock(channels, channels, groups))),
      last_(register_module(attention ? "2" : "1", ResidualBlock(channels, channels, groups))) {
  if (attention) attention_ = register_module("1", AttentionBlock(channels, groups));
}

torch::Tensor MiddleImpl::forward(torch::Tensor x) {
  x = first_(x);
  if (attention_) x = attention_(x);
  return last_(x);
}

LevelImpl::LevelImpl(std::int64_t in, std::int64_t out, std::int64_t blocks, std::int64_t groups, bool attention,
                     LevelEnd end)
    : blocks_(register_module("res", nn::ModuleList())), attentions_(register_module("attn", nn::ModuleList())) {
  for (std::int64_t i = 0; i < blocks; ++i) {
    blocks_->push_back(ResidualBlock(i == 0 ? in : out, out, groups));
    if (attention) attentions_->push_back(AttentionBlock(out, groups));
  }
  if (end == LevelEnd::downsample) down_ = register_module("downsample", Downsample(out));
  if (end == LevelEnd::upsample) up_ = register_module("upsample", Upsample(out));
}

torch::Tensor LevelImpl::forward(torch::Tensor x) {
  for (std::size_t i = 0; i < blocks_->size(); ++i) {
    x = blocks_->at<ResidualBlockImpl>(i).forward(x);
    if (!attentions_->is_empty()) x = attentions_->at<AttentionBlockImpl>(i).forward(x);
  }
  if (down_) x = down_(x);
  if (up_) x = up_(x);
  return x;
}

}  // namespace checkerlab::model
