// The state of AdamW in a released checkpoint, by parameter name.
//
// The file counts parameters: first those without weight decay (biases and one-dimensional ones), then the others, each
// in the order of the state dict without the tokenizer.
#pragma once

#include <ATen/core/Tensor.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "libmodel/checkpoint/released/state_dict.hpp"

namespace checkerlab::model {

struct ParameterMoments {
  at::Tensor average, square;  // exp_avg, exp_avg_sq, fp32 of the parameter's shape, on the CPU
  double steps = 0;
};

struct OptimizerState {
  struct Group {
    std::vector<std::string> names;
    nlohmann::json settings;  // lr, betas, eps, weight_decay, …: everything but `params`
  };
  std::vector<Group> groups;                        // without decay, with decay
  std::map<std::string, ParameterMoments> moments;  // empty before the first step
};

// The two groups' names, for parameters with these names and numbers of dimensions in the released order.
struct OptimizerNames {
  std::vector<std::string> plain, decayed;
  void add(const std::string& name, std::size_t dimensions);
};

// Throws Error(invalid_data) naming `where` and what does not fit: another number of parameters, a state of another
// shape.
OptimizerState read_optimizer_state(const pickle::Value& value, const StateDict& model, const std::string& where);

// As torch.optim.AdamW.state_dict() gives it.
pickle::Value* optimizer_value(pickle::Document& document, const OptimizerState& state);

}  // namespace checkerlab::model
