#include "libmodel/checkpoint/released/released_checkpoint.hpp"

#include <ATen/core/grad_mode.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "libmodel/checkpoint/released/autoencoder_config.hpp"
#include "libmodel/checkpoint/released/released_file.hpp"
#include "libmodel/checkpoint/released/released_model.hpp"

namespace checkerlab::model {
namespace {

namespace fs = std::filesystem;

// A path of a configuration: as it stands there, below the configuration's folder, or its last part there.
std::optional<fs::path> find_beside(const fs::path& config_file, const std::string& path) {
  if (path.empty()) return std::nullopt;
  const fs::path folder = config_file.parent_path();
  for (const fs::path& candidate : {folder / path, fs::path(path), folder / fs::path(path).filename()}) {
    std::error_code ignored;
    if (fs::is_regular_file(candidate, ignored)) return candidate;
  }
  return std::nullopt;
}

std::optional<fs::path> find_autoencoder_config(const fs::path& config_file, const ReleasedConfig& config) {
  const auto named = find_beside(config_file, config.tokenizer_config);
  return named ? named : find_beside(config_file, kAutoencoderConfigName);
}

// The tokenizer inside the checkpoint, else the one that the configuration names.
ReleasedTokenizer read_tokenizer(const ReleasedFile& file, const fs::path& config_file,
                                 ReleasedCheckpoint& checkpoint) {
  const auto structure_file = find_autoencoder_config(config_file, checkpoint.config);
  std::optional<TokenizerConfig> structure;
  if (structure_file) {
    checkpoint.autoencoder_config = SystemFiles().read(*structure_file);
    structure = parse_autoencoder_config(checkpoint.autoencoder_config, structure_file->string());
  } else {
    checkpoint.notes.push_back("no " + std::string(kAutoencoderConfigName) +
                               " was found: the tokenizer's structure was taken from its tensors");
  }
  const StateDict inside = file.tokenizer();
  if (!inside.names().empty()) return tokenizer_from_state(inside, structure, file.path.string());
  const auto other = find_beside(config_file, checkpoint.config.tokenizer_checkpoint);
  if (!other)
    throw Error(ErrorCode::not_found,
                file.path.string() + " holds no tokenizer, and the one that " + config_file.string() + " names ('" +
                    checkpoint.config.tokenizer_checkpoint + "') is not there",
                "Put the tokenizer's checkpoint beside it");
  checkpoint.notes.push_back("the tokenizer was read from " + other->string());
  return tokenizer_from_state(open_released_file(*other).tokenizer(), structure, other->string());
}

void check_codes(const StateDict& state, const TokenizerConfig& tokenizer, const std::string& where) {
  if (!state.contains("lm_head.weight")) return;  // reported with everything else that is missing
  const auto& sizes = state.record("lm_head.weight").sizes;
  if (sizes.empty() || sizes[0] == tokenizer.codes) return;
  throw Error(ErrorCode::invalid_data,
              where + ": the model predicts " + std::to_string(sizes[0]) + " codes, its tokenizer has " +
                  std::to_string(tokenizer.codes),
              "Give the tokenizer that the model was trained with");
}

// The average with its own copy of the codebook, where it has one.
void read_average(const ReleasedFile& file, ReleasedCheckpoint& checkpoint, bool finite) {
  const std::string where = file.path.string() + ": 'model_ema'";
  at::Tensor codebook = checkpoint.model.codebook.clone();
  const StateDict tokenizer = file.ema->below(kTokenizerPrefix);
  for (const std::string& name : tokenizer.names())
    checkpoint.ema_tokenizer.emplace_back(name, tokenizer.load(name));
  if (holds_tokenizer(tokenizer))
    codebook =
        tokenizer_from_state(tokenizer, checkpoint.tokenizer->tokenizer->config(), where).tokenizer->codes().detach();
  checkpoint.ema = model_from_state(checkpoint.model.config, *file.ema, codebook, where);
  if (finite) require_finite(*checkpoint.ema, where);
}

}  // namespace

ReleasedCheckpoint read_released_checkpoint(const fs::path& path, const ReleasedReadOptions& options) {
  const at::NoGradGuard no_grad;
  const ReleasedFile file = open_released_file(path, options.on_read);
  const std::string where = path.string();
  if (!file.holds_model())
    throw Error(ErrorCode::invalid_data, where + " holds a tokenizer, not a model", "Give the model's checkpoint");
  const fs::path config_file = options.config.value_or(path.parent_path() / "config.yaml");
  ReleasedCheckpoint checkpoint;
  checkpoint.config = read_released_config(config_file);
  checkpoint.tokenizer = read_tokenizer(file, config_file, checkpoint);
  const TokenizerConfig& tokenizer = checkpoint.tokenizer->tokenizer->config();
  check_codes(file.state, tokenizer, where);
  const int classes = checkpoint.config.classes ? *checkpoint.config.classes : classes_of(file.state, where);
  checkpoint.model = model_from_state(model_config(checkpoint.config, tokenizer, classes, config_file.string()),
                                      file.state, checkpoint.tokenizer->tokenizer->codes().detach(), where);
  if (options.require_finite) require_finite(checkpoint.model, where);
  if (options.ema && file.ema) read_average(file, checkpoint, options.require_finite);
  if (options.optimizer && file.optimizer != nullptr)
    checkpoint.optimizer = read_optimizer_state(*file.optimizer, file.state, where);
  checkpoint.epoch = file.epoch;
  checkpoint.scaler = file.scaler;
  checkpoint.args = file.args;
  return checkpoint;
}

}  // namespace checkerlab::model
