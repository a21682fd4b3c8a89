// The part of a training loop that the tokenizer and the metric network share: AdamW with warm-up and cosine decay, the
// running loss, and checkpoints that continue exactly.
#pragma once

#include <torch/nn/module.h>

#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "libmodel/observer.hpp"

namespace checkerlab::model {

struct ModuleTraining {
  std::string name;  // kind of the checkpoint and name in messages, e.g. "tokenizer training"
  std::int64_t steps = 0;
  double lr = 0;
  double weight_decay = 0;  // on parameters with two or more dimensions
};

// Throws Error(invalid_argument) for steps, batch or learning rate that cannot be.
void check_training(const std::string& name, std::int64_t steps, std::int64_t batch, double lr);

// Trains the parameters of `module`, which must outlive the trainer. Not thread-safe.
//
// Step t (from 0) has the learning rate lr * min(1, (t + 1) / w) * (0.02 + 0.98 * (1 + cos(pi * t / steps)) / 2) with
// w = max(1, steps / 20); AdamW with betas 0.9 and 0.95, epsilon 1e-8; gradients are scaled down to a global norm of 1.
class ModuleTrainer {
 public:
  // `extra`: further tensors that a checkpoint must hold and `resume` restores in place.
  ModuleTrainer(torch::nn::Module& module, const ModuleTraining& training, std::map<std::string, torch::Tensor> extra);

  // Continues from a checkpoint. Throws Error(invalid_data) when it belongs to another training.
  void resume(const std::filesystem::path& checkpoint);

  // Calls `loss(step)` for every step left and follows its gradient. Reports progress in "steps" and the curve "loss",
  // offers checkpoints. `after(step)` runs when a step's weights are updated. Throws Error: not_finite, cancelled.
  void run(const std::function<torch::Tensor(std::int64_t step)>& loss,
           const std::function<void(std::int64_t step)>& after, Observer& observer);

  // Forgets the moments of some rows of a parameter, whose values were replaced.
  void reset_rows(const torch::Tensor& parameter, const torch::Tensor& rows);

  // Mean of the losses of the last (at most 20) steps.
  double recent_loss() const;

 private:
  double learning_rate(std::int64_t step) const;
  void update(std::int64_t step);
  void save(const std::filesystem::path& path, std::int64_t finished) const;
  void report(std::int64_t step, double loss, Observer& observer);

  torch::nn::Module& module_;
  ModuleTraining training_;
  std::map<std::string, torch::Tensor> extra_;
  std::vector<std::string> names_;
  std::vector<torch::Tensor> parameters_, first_moments_, second_moments_;
  std::int64_t finished_ = 0;
  std::deque<double> losses_;
};

}  // namespace checkerlab::model
