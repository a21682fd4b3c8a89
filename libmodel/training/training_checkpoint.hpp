// What a training run needs to continue: a model file with the optimiser's moments, the moving average ("ema.<name>"),
// the loss scale, the finished steps, what was counted, and the configuration it belongs to (kind
// "training_checkpoint").
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "libmodel/training/training_state.hpp"

namespace checkerlab::model {

// The configuration as JSON, without its length (a run may be continued to a later end); what is not used is left out.
nlohmann::json configuration_json(const TrainConfig& config);

// The file appears complete or not at all; where it cannot be written the one before stays.
void save_training_checkpoint(const std::filesystem::path& file, const TrainConfig& config, const TrainingState& state);

// A checkpoint as read, on the CPU.
struct TrainingCheckpoint {
  std::filesystem::path where;
  TensorFile file;
  Model model;
  std::optional<Model> average;
  std::int64_t steps_done = 0;
  TrainingCounts counts;

  // Fills a state that was made from `model`: moments, average, loss scale, counts.
  void restore(TrainingState& state) const;
};

// Throws Error: invalid_data (broken file), version_mismatch naming the settings that differ from `config`, unless
// `accept_other_settings`; the model's own shape must always be the same.
TrainingCheckpoint load_training_checkpoint(const std::filesystem::path& file, const TrainConfig& config,
                                            bool accept_other_settings = false);

}  // namespace checkerlab::model
