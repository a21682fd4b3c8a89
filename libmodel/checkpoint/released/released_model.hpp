// A model's weights from and to a state dict with the released names.
#pragma once

#include <string>
#include <vector>

#include "libmodel/checkpoint/released/state_dict.hpp"
#include "libmodel/transformer/model.hpp"

namespace checkerlab::model {

// Number of classes that the class table has rows for. Throws Error(invalid_data) naming the file when there is no such
// table.
int classes_of(const StateDict& state, const std::string& where);

// Reads the weights that the configuration has; a missing src_latents_proj turns `source_projection` off. Other
// floating types are converted to fp32. Names below `autoenc.` are passed over. Throws Error(invalid_data) listing all
// tensors that are missing, of another shape or unknown.
Model model_from_state(ModelConfig config, const StateDict& state, at::Tensor codebook, const std::string& where);

// The state dict without tokenizer, in the released order; mixing scalars are there (with no rows) also where no layer
// mixes.
NamedTensors model_state(const Model& model);

// Throws Error(not_finite) naming up to ten parameters that hold NaN or infinity.
void require_finite(const Model& model, const std::string& where);

}  // namespace checkerlab::model
