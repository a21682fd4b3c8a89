// The FID Inception from normalised images to what the metrics need.
#pragma once

#include <ATen/core/Tensor.h>

#include "libmodel/evaluation/inception/blocks.hpp"

namespace checkerlab::model {

// On the images' device, fp32 (fp64 where the layers are).
struct InceptionOutputs {
  at::Tensor pool;     // [N,2048]: the mean of Mixed_7c over 8×8
  at::Tensor spatial;  // [N,2023]: the first 7 channels of Mixed_6d.branch1x1 as H, W, C
  at::Tensor logits;   // [N,1008]: pool · class_kernelᵀ, without the bias
};

// Images as run_blocks takes them; `class_kernel` [1008,2048] in the outputs' type.
InceptionOutputs run_inception(const InceptionLayers& layers, const at::Tensor& class_kernel, const at::Tensor& images,
                               const BlockListener& listener = {});

}  // namespace checkerlab::model
