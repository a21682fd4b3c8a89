// A run of the released code as it lies on disk (checkpoint.pth with config.yaml, the tokenizer inside or beside it),
// read into what this program computes with, and written back so that the released code goes on with it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "libmodel/checkpoint/released/optimizer_state.hpp"
#include "libmodel/checkpoint/released/released_config.hpp"
#include "libmodel/checkpoint/released/released_tokenizer.hpp"
#include "libmodel/checkpoint/zip/random_file.hpp"
#include "libmodel/transformer/model.hpp"

namespace checkerlab::model {

// All on the CPU. The model's tensors are its own; `model`, `ema` and the moments share nothing, so that a training may
// go on with them in place.
struct ReleasedCheckpoint {
  ReleasedConfig config;
  Model model;
  std::optional<Model> ema;
  std::optional<ReleasedTokenizer> tokenizer;  // nothing: only the codebook is known (model.codebook)
  NamedTensors ema_tokenizer;                  // the average's copy of the frozen tokenizer, names without prefix
  std::optional<OptimizerState> optimizer;
  std::optional<std::int64_t> epoch;  // the last finished one, counted from 0
  nlohmann::json scaler;              // of the loss: scale, growth_factor, …; null where there is none
  nlohmann::json args;                // the training's arguments; null where there are none
  std::string autoencoder_config;     // the text of autoencoder_config.yaml; empty where none was found
  std::vector<std::string> notes;     // what a person should know about how it was read
};

struct ReleasedReadOptions {
  std::optional<std::filesystem::path> config;  // else config.yaml beside the checkpoint
  bool ema = true;                              // read the average where there is one
  bool optimizer = true;                        // read the optimiser's state where there is one
  bool require_finite = true;
  ByteProgress on_read;  // hears of what is read; may throw to stop
};

// Throws Error naming the file: not_found, io_error, invalid_data (broken, of another architecture, or not fitting its
// configuration: all tensors that differ in one message), not_finite.
ReleasedCheckpoint read_released_checkpoint(const std::filesystem::path& file, const ReleasedReadOptions& options = {});

// AdamW before its first step, with `lr` and `weight_decay` of the arguments, else the published ones.
OptimizerState fresh_optimizer(const Model& model, const nlohmann::json& args);

// The two configurations that go with a checkpoint: as they were read, else made for it. Throws Error(invalid_argument)
// as below.
struct ReleasedConfigTexts {
  std::string config, autoencoder;
};
ReleasedConfigTexts configuration_texts(const ReleasedCheckpoint& checkpoint);

// Writes FOLDER/`name`, FOLDER/config.yaml and FOLDER/autoencoder_config.yaml, each complete or not at all. The
// checkpoint holds `args` as a dict (not as the argparse.Namespace that weights_only loading refuses). What was read is
// written bit for bit; the configuration as it was, where it came from a file. A checkpoint without training state gets
// an optimiser that has made no step. Throws Error: disk_full, io_error, invalid_argument (no tokenizer, or a structure
// that the released code cannot build).
void write_released_checkpoint(const std::filesystem::path& folder, const std::string& name,
                               const ReleasedCheckpoint& checkpoint, const ByteProgress& on_written = {});

}  // namespace checkerlab::model
