// Starting a model from the weights of another one, as the 4x model starts from the 2x one.
#pragma once

#include <string>
#include <vector>

#include "libmodel/transformer/model.hpp"

namespace checkerlab::model {

// Copies the weights of `source` into `model`, which has fresh ones. The rotary table, the position table and the class
// table keep their fresh values where their shapes differ (other scales, other classes): one message each in the
// result. A source projection that only `model` has becomes the identity. Throws Error(invalid_data) listing all other
// tensors that are missing, of another shape or left over.
std::vector<std::string> adopt_weights(Model& model, const Model& source);

}  // namespace checkerlab::model
