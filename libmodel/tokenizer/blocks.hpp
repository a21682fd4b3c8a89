#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/normalization.h>
#include <torch/nn/pimpl.h>

#include <cstdint>

namespace checkerlab::model {

// Building blocks of the autoencoder's encoder and decoder (Esser et al. 2021, "Taming Transformers"). All take and
// give [B,C,H,W]; GroupNorm has epsilon 1e-6.

// x + conv2(swish(norm2(conv1(swish(norm1(x)))))), 3x3 convolutions; a 1x1 convolution on the shortcut where the
// width changes.
class ResidualBlockImpl : public torch::nn::Module {
 public:
  ResidualBlockImpl(std::int64_t in, std::int64_t out, std::int64_t groups);
  torch::Tensor forward(const torch::Tensor& x);

 private:
  torch::nn::GroupNorm norm1_{nullptr}, norm2_{nullptr};
  torch::nn::Conv2d conv1_{nullptr}, conv2_{nullptr}, shortcut_{nullptr};
};
TORCH_MODULE(ResidualBlock);

// x + proj(attention(q, k, v)) with one head over the H*W places, scale 1/sqrt(C).
class AttentionBlockImpl : public torch::nn::Module {
 public:
  AttentionBlockImpl(std::int64_t channels, std::int64_t groups);
  torch::Tensor forward(const torch::Tensor& x);

 private:
  torch::nn::GroupNorm norm_{nullptr};
  torch::nn::Conv2d q_{nullptr}, k_{nullptr}, v_{nullptr}, proj_{nullptr};
};
TORCH_MODULE(AttentionBlock);

// Pads right and bottom by one, 3x3 convolution with stride 2.
class DownsampleImpl : public torch::nn::Module {
 public:
  explicit DownsampleImpl(std::int64_t channels);
  torch::Tensor forward(const torch::Tensor& x);

 private:
  torch::nn::Conv2d conv_{nullptr};
};
TORCH_MODULE(Downsample);

// Nearest neighbour times two, 3x3 convolution.
class UpsampleImpl : public torch::nn::Module {
 public:
  explicit UpsampleImpl(std::int64_t channels);
  torch::Tensor forward(const torch::Tensor& x);

 private:
  torch::nn::Conv2d conv_{nullptr};
};
TORCH_MODULE(Upsample);

// Residual block, attention where `attention`, residual block.
class MiddleImpl : public torch::nn::Module {
 public:
  MiddleImpl(std::int64_t channels, std::int64_t groups, bool attention);
  torch::Tensor forward(torch::Tensor x);

 private:
  ResidualBlock first_{nullptr}, last_{nullptr};
  AttentionBlock attention_{nullptr};
};
TORCH_MODULE(Middle);

// What comes after a level's blocks.
enum class LevelEnd { none, downsample, upsample };

// One resolution: `blocks` residual blocks (the first changes the width), each followed by attention where
// `attention`, then the change of resolution.
class LevelImpl : public torch::nn::Module {
 public:
  LevelImpl(std::int64_t in, std::int64_t out, std::int64_t blocks, std::int64_t groups, bool attention, LevelEnd end);
  torch::Tensor forward(torch::Tensor x);

 private:
  torch::nn::ModuleList blocks_{nullptr}, attentions_{nullptr};
  Downsample down_{nullptr};
  Upsample up_{nullptr};
};
TORCH_MODULE(Level);

// 3x3 convolution that keeps the size.
torch::nn::Conv2d conv3x3(std::int64_t in, std::int64_t out);
// 1x1 convolution.
torch::nn::Conv2d conv1x1(std::int64_t in, std::int64_t out);
torch::nn::GroupNorm group_norm(std::int64_t channels, std::int64_t groups);

}  // namespace checkerlab::model
