// The convolutions of the FID Inception of 2015-12-05, under the names of both libraries that have its weights.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace checkerlab::model {

// A convolution without bias, followed by batch normalisation and ReLU. `module` is its name in PyTorch's files
// (torchvision's naming), `scope` in TensorFlow's graph.
struct InceptionConvolution {
  std::string_view module, scope;
  std::int64_t out, in, height, width;  // the kernel [out, in, height, width]
  std::int64_t stride;
  std::int64_t pad_y, pad_x;

  std::vector<std::int64_t> shape() const { return {out, in, height, width}; }
};

inline constexpr std::int64_t kInceptionSide = 299;  // of the images that it takes
inline constexpr std::int64_t kInceptionWidth = 2048, kInceptionClasses = 1008;
inline constexpr double kInceptionEpsilon = 0.001;  // of batch normalisation

// The features of sFID: the first channels of Mixed_6d.branch1x1 (TensorFlow's mixed_6/conv) after the ReLU, row by
// row, the channel running fastest.
inline constexpr std::string_view kSpatialModule = "Mixed_6d.branch1x1";
inline constexpr std::int64_t kSpatialSide = 17, kSpatialChannels = 7;
inline constexpr std::int64_t kSpatialWidth = kSpatialSide * kSpatialSide * kSpatialChannels;

// All 94, in the order in which PyTorch's files list them.
std::span<const InceptionConvolution> inception_convolutions();

}  // namespace checkerlab::model
