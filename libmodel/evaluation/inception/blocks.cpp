#include "libmodel/evaluation/inception/blocks.hpp"

#include <ATen/ops/cat.h>

#include <string>
#include <vector>

#include "libmodel/evaluation/inception/layout.hpp"

namespace checkerlab::model {
namespace {

// The branches of one block.
class Block {
 public:
  Block(const InceptionLayers& layers, std::string name) : layers_(layers), name_(std::move(name)) {}

  at::Tensor branch(const char* name, const at::Tensor& maps) const {
    return layers_.convolve(name_ + "." + name, maps);
  }
  // Several convolutions, one after the other.
  at::Tensor chain(const std::vector<const char*>& names, at::Tensor maps) const {
    for (const char* name : names)
      maps = branch(name, maps);
    return maps;
  }
  // Two convolutions of the same maps, side by side.
  at::Tensor fork(const char* first, const char* second, const at::Tensor& maps) const {
    return at::cat({branch(first, maps), branch(second, maps)}, 1);
  }
  at::Tensor average(const at::Tensor& maps) const {
    return layers_.average_and_convolve(name_ + ".branch_pool", maps);
  }

 private:
  const InceptionLayers& layers_;
  std::string name_;
};

// Mixed_5b … 5d, 35×35.
at::Tensor block_of_35(const Block& block, const at::Tensor& x) {
  return at::cat({block.branch("branch1x1", x), block.chain({"branch5x5_1", "branch5x5_2"}, x),
                  block.chain({"branch3x3dbl_1", "branch3x3dbl_2", "branch3x3dbl_3"}, x), block.average(x)},
                 1);
}

// Mixed_6a, 35×35 to 17×17.
at::Tensor block_to_17(const InceptionLayers& layers, const Block& block, const at::Tensor& x) {
  return at::cat({block.branch("branch3x3", x), block.chain({"branch3x3dbl_1", "branch3x3dbl_2", "branch3x3dbl_3"}, x),
                  layers.largest(x, 2, 0)},
                 1);
}

// Mixed_6b … 6e, 17×17. `first` is the output of branch1x1.
at::Tensor block_of_17(const Block& block, const at::Tensor& x, const at::Tensor& first) {
  return at::cat(
      {first, block.chain({"branch7x7_1", "branch7x7_2", "branch7x7_3"}, x),
       block.chain({"branch7x7dbl_1", "branch7x7dbl_2", "branch7x7dbl_3", "branch7x7dbl_4", "branch7x7dbl_5"}, x),
       block.average(x)},
      1);
}

// Mixed_7a, 17×17 to 8×8.
at::Tensor block_to_8(const InceptionLayers& layers, const Block& block, const at::Tensor& x) {
  return at::cat(
      {block.chain({"branch3x3_1", "branch3x3_2"}, x),
       block.chain({"branch7x7x3_1", "branch7x7x3_2", "branch7x7x3_3", "branch7x7x3_4"}, x), layers.largest(x, 2, 0)},
      1);
}

// Mixed_7b and 7c, 8×8. `pooled` is the output of branch_pool.
at::Tensor block_of_8(const Block& block, const at::Tensor& x, const at::Tensor& pooled) {
  return at::cat(
      {block.branch("branch1x1", x), block.fork("branch3x3_2a", "branch3x3_2b", block.branch("branch3x3_1", x)),
       block.fork("branch3x3dbl_3a", "branch3x3dbl_3b", block.chain({"branch3x3dbl_1", "branch3x3dbl_2"}, x)), pooled},
      1);
}

}  // namespace

InceptionMaps run_blocks(const InceptionLayers& layers, const at::Tensor& images, const BlockListener& listener) {
  InceptionMaps maps;
  at::Tensor x = images;
  const auto done = [&](std::string_view name, at::Tensor output) {
    x = std::move(output);
    if (listener) listener(name, x);
  };
  for (const char* name : {"Conv2d_1a_3x3", "Conv2d_2a_3x3", "Conv2d_2b_3x3"})
    done(name, layers.convolve(name, x));
  x = layers.largest(x, 2, 0);
  for (const char* name : {"Conv2d_3b_1x1", "Conv2d_4a_3x3"})
    done(name, layers.convolve(name, x));
  x = layers.largest(x, 2, 0);
  for (const char* name : {"Mixed_5b", "Mixed_5c", "Mixed_5d"})
    done(name, block_of_35(Block(layers, name), x));
  done("Mixed_6a", block_to_17(layers, Block(layers, "Mixed_6a"), x));
  for (const char* name : {"Mixed_6b", "Mixed_6c", "Mixed_6d", "Mixed_6e"}) {
    const Block block(layers, name);
    const at::Tensor first = block.branch("branch1x1", x);
    if (kSpatialModule.starts_with(name)) maps.spatial = first;
    done(name, block_of_17(block, x, first));
  }
  done("Mixed_7a", block_to_8(layers, Block(layers, "Mixed_7a"), x));
  const Block before_last(layers, "Mixed_7b"), last(layers, "Mixed_7c");
  done("Mixed_7b", block_of_8(before_last, x, before_last.average(x)));
  done("Mixed_7c", block_of_8(last, x, last.branch("branch_pool", layers.largest(x, 1, 1))));
  maps.last = x;
  return maps;
}

}  // namespace checkerlab::model
