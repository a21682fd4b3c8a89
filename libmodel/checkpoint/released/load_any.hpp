// Models and tokenizers from any file that this program knows: its own safetensors (models, checkpoints of a training,
// tokenizers) and those of the released code (.pth with config.yaml beside it, autoencoder checkpoints).
#pragma once

#include <c10/core/Device.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "libmodel/tokenizer/vq_tokenizer.hpp"
#include "libmodel/transformer/model.hpp"

namespace checkerlab::model {

struct LoadOptions {
  std::optional<std::filesystem::path> config;  // of a released checkpoint; else config.yaml beside it
  bool ema = false;                             // the averaged weights instead of the last ones
  bool require_finite = true;
  c10::Device device = c10::kCPU;
};

struct LoadedModel {
  Model model;
  VqTokenizer tokenizer{nullptr};  // empty where the file holds only the codebook
  std::vector<std::string> notes;  // what a person should know about how it was read
};

// Throws Error naming the file: not_found, io_error, invalid_data (broken, of another kind or architecture), not_found
// also where averaged weights are asked for and the file holds none, not_finite.
LoadedModel load_any_model(const std::filesystem::path& file, const LoadOptions& options = {});

// A tokenizer's own file, or the one inside a released checkpoint. `config` is its autoencoder_config.yaml; else one
// that lies beside it, else the structure is taken from the tensors.
VqTokenizer load_any_tokenizer(const std::filesystem::path& file,
                               const std::optional<std::filesystem::path>& config = std::nullopt,
                               c10::Device device = c10::kCPU);

}  // namespace checkerlab::model
