#include "libmodel/evaluation/inception/network.hpp"

#include <ATen/ops/matmul.h>
#include <ATen/ops/mean.h>

#include "libmodel/evaluation/inception/layout.hpp"

namespace checkerlab::model {

InceptionOutputs run_inception(const InceptionLayers& layers, const at::Tensor& class_kernel, const at::Tensor& images,
                               const BlockListener& listener) {
  const InceptionMaps maps = run_blocks(layers, images, listener);
  const auto type = class_kernel.scalar_type();
  InceptionOutputs outputs;
  outputs.pool = at::mean(maps.last, at::IntArrayRef{2, 3}, false, type);
  const at::Tensor first = maps.spatial.narrow(1, 0, kSpatialChannels).permute({0, 2, 3, 1});
  outputs.spatial = first.to(type).reshape({images.size(0), kSpatialWidth});
  outputs.logits = at::matmul(outputs.pool, class_kernel.t());
  return outputs;
}

}  // namespace checkerlab::model
