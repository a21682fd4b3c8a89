// Writes weights of the Inception (PyTorch's names, as formula_tensors gives them) in every layout that people have.
#pragma once

#include <filesystem>
#include <string>

#include "libmodel/checkpoint/released/state_dict.hpp"

namespace checkerlab::model {

enum class WeightLayout {
  torch_legacy,    // pre-zip, an OrderedDict with _metadata
  torch_zip,       // the zip container, the same
  torch_plain,     // the zip container, a plain dict without num_batches_tracked
  script,          // TorchScript, scales folded into kernels and means
  graph,           // GraphDef, scales used
  graph_unscaled,  // GraphDef with scale_after_normalization false and useless gammas, scales folded
  safetensors,
};

void write_weight_file(const std::filesystem::path& file, WeightLayout layout, const NamedTensors& tensors);

}  // namespace checkerlab::model
