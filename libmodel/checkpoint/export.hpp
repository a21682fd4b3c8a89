// Writing a model for other programs, and taking models of others over.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libmodel/observer.hpp"

namespace checkerlab::model {

// released: checkpoint.pth with config.yaml and autoencoder_config.yaml, as the released code reads them.
// checkerlab: model.safetensors and tokenizer.safetensors of this program.
// safetensors: the released tensors by their names in checkpoint.safetensors, with the two configurations.
enum class ExportFormat { released, checkerlab, safetensors };

// Throws Error(invalid_argument).
ExportFormat export_format_from(std::string_view name);

struct ExportOptions {
  ExportFormat format = ExportFormat::released;
  bool ema = false;  // the averaged weights in the place of the last ones, without training state
  std::optional<std::filesystem::path> config;     // of a released checkpoint; else config.yaml beside it
  std::optional<std::filesystem::path> tokenizer;  // for model files that hold only their codebook
  bool require_finite = true;
};

struct Exported {
  std::vector<std::filesystem::path> files;  // in the order written
  std::vector<std::string> notes;            // what a person should know
};

// Reads any model file and writes it into `folder`, each file complete or not at all. Training state (optimiser,
// average, epoch) of released checkpoints and of checkpoints of a training goes along in the format `released`. Throws
// Error: as read_released_checkpoint and write_released_checkpoint, cancelled.
Exported export_model(const std::filesystem::path& file, const std::filesystem::path& folder,
                      const ExportOptions& options, Observer& observer);

}  // namespace checkerlab::model
