// AdamW (Loshchilov & Hutter 2019) over the weights of a model: betas (0.9, 0.95), eps 1e-8. Weight decay on parameters
// with two or more dimensions whose name does not end in ".bias" (embeddings, rotary table and mixing scalars
// included), none on the rest. Nothing here waits for the device. Not thread-safe.
//
// Holds leaf copies of the weights that gradients are computed for, and the moments. A parameter without a gradient is
// left as it is, weight decay included.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "libmodel/training/loss_scaler.hpp"
#include "libmodel/transformer/model.hpp"

namespace checkerlab::model {

// What a step found, as numbers on the device: [] fp32 each.
struct StepReport {
  at::Tensor gradient_norm;  // global L2 norm of the gradients before they were clipped
  at::Tensor skipped;        // 1 where a gradient was not finite and nothing was changed, else 0
};

// The moments of one parameter and the steps that they were gathered over.
struct Moments {
  at::Tensor average, square;  // of the parameter's shape
  double steps = 0;
};

class Optimizer {
 public:
  // The model's weights become leaves that require gradients; the model and the optimiser share them from then on.
  Optimizer(Model& model, double weight_decay);

  // One step with the gradients that are there, which are then dropped. With a scaler the gradients are those of the
  // scaled loss. Scales them down to the global norm `clip` first where that is above 0.
  StepReport step(double learning_rate, double clip = 0, LossScaler* scaler = nullptr);

  // In the order of visit_weights.
  const std::vector<std::string>& names() const { return names_; }
  const std::vector<at::Tensor>& parameters() const { return parameters_; }

  // By parameter name. set_moments() leaves parameters without an entry at zero, and throws
  // Error(ErrorCode::invalid_data) for names that are no parameter and for shapes that differ.
  std::map<std::string, Moments> moments() const;
  void set_moments(const std::map<std::string, Moments>& moments, const std::string& where);

  // Under "exp_avg.<name>", "exp_avg_sq.<name>" and "adam_step.<name>".
  void save(TensorFile& file) const;
  void load(const TensorFile& file, const std::filesystem::path& where);

 private:
  struct Group {
    std::vector<std::size_t> members;  // indices into parameters_
    double decay = 0;
  };
  void update(const Group& group, double learning_rate, const at::Tensor& skipped);

  std::vector<std::string> names_;
  std::vector<at::Tensor> parameters_, averages_, squares_, steps_;
  Group decayed_, plain_;
};

}  // namespace checkerlab::model
