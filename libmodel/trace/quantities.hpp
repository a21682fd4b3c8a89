// The table of what a trace can compute. Internal to trace/.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "libmodel/trace/name_pattern.hpp"
#include "libmodel/trace/session.hpp"

namespace checkerlab::model {

struct Quantity {
  std::string_view pattern;
  std::vector<Need> needs;
  std::function<at::Tensor(TraceSession&, const NameArguments&)> compute;
  // Names that are computed unless others are asked for.
  std::function<std::vector<std::string>(const TraceSession&)> defaults;
};

const std::vector<Quantity>& all_quantities();

// Each in a file of its name: order, embeddings and norms; teacher-forced forwards; samples; encoder and decoder;
// training.
void add_order_quantities(std::vector<Quantity>& table);
void add_forward_quantities(std::vector<Quantity>& table);
void add_sampling_quantities(std::vector<Quantity>& table);
void add_tokenizer_quantities(std::vector<Quantity>& table);
void add_training_quantities(std::vector<Quantity>& table);

// Ways to list default names.
using Defaults = std::function<std::vector<std::string>(const TraceSession&)>;
Defaults once(std::string_view name);
Defaults for_every_side(std::string_view pattern);
Defaults for_steps(std::string_view pattern, std::vector<std::int64_t> steps);  // those that the grid has tokens for

}  // namespace checkerlab::model
