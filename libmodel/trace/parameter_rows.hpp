// Parameters in the order in which the released code lists them. Internal to trace/.
#pragma once

#include <ATen/core/Tensor.h>

#include <map>
#include <string>
#include <vector>

#include "libmodel/transformer/config.hpp"

namespace checkerlab::model {

// Names of a model's trainable parameters in the order of the released module: loose vectors first, then the
// transformer, the embeddings, the perceptrons and the head. The mixing scalars are listed also where no layer mixes
// (they have no rows then).
std::vector<std::string> released_parameter_order(const ModelConfig& config);

// The rows [2] of the parameters in that order, 0 for those that are not there; [parameters, 2] fp64.
at::Tensor parameter_rows(const ModelConfig& config, const std::map<std::string, at::Tensor>& rows);

}  // namespace checkerlab::model
