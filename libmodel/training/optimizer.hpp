// AdamW (Loshchilov & Hutter 2019) over the weights of a model: betas (0.9, 0.95), eps 1e-8, decay on parameters with
// two or more dimensions. Holds leaf copies of the weights that gradients are computed for, and the moments. Not
// thread-safe.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <vector>

#include "libmodel/transformer/model.hpp"

namespace checkerlab::model {

class Optimizer {
 public:
  // The model's weights become leaves that require gradients; the model and the optimiser share them from then on.
  Optimizer(Model& model, double weight_decay);

  // One step with the gradients that are there, which are then dropped. Scales them down to the global norm `clip`
  // first where that is above 0 and returns their norm before that; 0 where nothing is clipped.
  double step(double learning_rate, double clip);

  std::int64_t steps_done() const { return steps_; }

  // Moments under "exp_avg.<name>" and "exp_avg_sq.<name>".
  void save(TensorFile& file) const;
  void load(const TensorFile& file, const std::filesystem::path& where, std::int64_t steps_done);

 private:
  struct Group {
    std::vector<std::string> names;
    std::vector<at::Tensor> parameters, averages, squares, steps;
    double decay = 0;
  };
  double clip_gradients(double limit);

  Group decayed_, plain_;
  std::int64_t steps_ = 0;
};

}  // namespace checkerlab::model
