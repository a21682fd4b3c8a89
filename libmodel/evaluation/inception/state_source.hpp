// Weights under the names of PyTorch's files: those of torchvision, or those of the TorchScript archive.
#pragma once

#include <memory>
#include <string>

#include "libmodel/checkpoint/released/state_dict.hpp"
#include "libmodel/evaluation/inception/weight_source.hpp"

namespace checkerlab::model {

// MODULE.conv.weight, MODULE.bn.{weight, bias, running_mean, running_var}, fc.weight, fc.bias. num_batches_tracked may
// be there or not. `where` names the file in errors.
std::unique_ptr<WeightSource> torch_names(StateDict state, std::string where);

// layers.SCOPE.{weight, beta, mean, var}, output.weight, output.bias, without scales. SCOPE is TensorFlow's with dots
// for slashes, below mixed_9 and mixed_10 underscores; any of the three is taken for any other. Other tensors of the
// archive are passed over.
std::unique_ptr<WeightSource> script_names(StateDict state, std::string where);

}  // namespace checkerlab::model
