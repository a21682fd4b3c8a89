// This program's own model files and checkpoints of a training, in the shape of a released run.
#pragma once

#include <filesystem>

#include "libmodel/checkpoint/released/released_checkpoint.hpp"

namespace checkerlab::model {

// True for safetensors that say what they are. Throws Error (not_found, io_error, invalid_data).
bool is_own_file(const std::filesystem::path& file);

// True for safetensors of kind "model" or "training_checkpoint". Throws Error (not_found, io_error, invalid_data), and
// invalid_data for files of ours of another kind.
bool is_own_model(const std::filesystem::path& file);

// The model with, of a training's checkpoint, averaged weights ("ema.<name>"), moments ("exp_avg.<name>",
// "exp_avg_sq.<name>", "adam_step.<name>" or the steps in the metadata) and its settings. No tokenizer. Throws Error
// (invalid_data).
ReleasedCheckpoint read_own_checkpoint(const std::filesystem::path& file);

}  // namespace checkerlab::model
