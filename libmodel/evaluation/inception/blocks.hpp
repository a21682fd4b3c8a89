// How the layers of the FID Inception are wired.
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <string_view>

#include "libmodel/evaluation/inception/layers.hpp"

namespace checkerlab::model {

// Told the output of every block by its name (Conv2d_1a_3x3 … Mixed_7c).
using BlockListener = std::function<void(std::string_view block, const at::Tensor& maps)>;

struct InceptionMaps {
  at::Tensor spatial;  // [N,192,17,17], the output of Mixed_6d.branch1x1
  at::Tensor last;     // [N,2048,8,8], the output of Mixed_7c
};

// Images [N,3,299,299] in [-1, 1) (or with more channels, which the first convolution must then expect).
InceptionMaps run_blocks(const InceptionLayers& layers, const at::Tensor& images, const BlockListener& listener = {});

}  // namespace checkerlab::model
