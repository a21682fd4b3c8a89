// What a training run needs to continue: a model file with the optimiser's moments, the finished steps, the running
// loss and the configuration it belongs to (kind "training_checkpoint").
#pragma once

#include <cstdint>
#include <filesystem>

#include "libmodel/training/optimizer.hpp"
#include "libmodel/training/trainer.hpp"

namespace checkerlab::model {

// Mean of the losses with exponentially falling weights (decay 0.98), unbiased from the first one on.
struct RunningLoss {
  static constexpr double kDecay = 0.98;
  double sum = 0, weight = 0;

  void add(double loss) {
    sum = kDecay * sum + loss;
    weight = kDecay * weight + 1;
  }
  double mean() const { return sum / weight; }
};

// The configuration as canonical text, without `steps`: a run may be continued to a later end.
std::string configuration_text(const TrainConfig& config);

void save_training_checkpoint(const std::filesystem::path& file, const TrainConfig& config, const Model& model,
                              const Optimizer& optimizer, const RunningLoss& loss);

// The weights of a checkpoint, on the CPU, and its running loss; the optimiser is loaded from the same file afterwards.
struct TrainingCheckpoint {
  TensorFile file;
  Model model;
  std::int64_t steps_done = 0;
  RunningLoss loss;
};
// Throws Error: invalid_data (broken file), version_mismatch (another configuration).
TrainingCheckpoint load_training_checkpoint(const std::filesystem::path& file, const TrainConfig& config);

}  // namespace checkerlab::model
