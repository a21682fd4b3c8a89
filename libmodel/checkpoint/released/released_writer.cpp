// write_released_checkpoint.
#include <ATen/core/grad_mode.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "libmodel/checkpoint/released/autoencoder_config.hpp"
#include "libmodel/checkpoint/released/plain_json.hpp"
#include "libmodel/checkpoint/released/released_checkpoint.hpp"
#include "libmodel/checkpoint/released/released_model.hpp"
#include "libmodel/checkpoint/torch_file/torch_file.hpp"

namespace checkerlab::model {
namespace {

using pickle::Document;
using pickle::TensorRecord;
using pickle::Value;
using Records = std::vector<std::pair<std::string, TensorRecord>>;

void put(Document& document, pickle::Dict& dict, const std::string& key, Value* value) {
  dict.items.emplace_back(document.make(key), value);
}

Records records_of(const NamedTensors& tensors) {
  Records records;
  for (const auto& [name, tensor] : tensors)
    records.emplace_back(name, pickle::record_of(tensor));
  return records;
}

// Tokenizer tensors stand where the released module has them: after the empties. Buffers come as tensors, an average's
// parameters as torch.nn.Parameter.
Value* state_value(Document& document, const Model& model, const Records& tokenizer, bool parameters) {
  pickle::Dict dict{.ordered = true};
  const auto put_tokenizer = [&] {
    for (const auto& [name, record] : tokenizer) {
      TensorRecord entry = record;
      entry.parameter = parameters && !is_tokenizer_buffer(name);
      put(document, dict, kTokenizerPrefix + name, document.make(std::move(entry)));
    }
  };
  for (const auto& [name, tensor] : model_state(model)) {
    TensorRecord entry = pickle::record_of(tensor);
    entry.parameter = entry.requires_grad = parameters;
    put(document, dict, name, document.make(std::move(entry)));
    if (name == "empty_token_pos") put_tokenizer();
  }
  return document.make(std::move(dict));
}

// A loss scaler as PyTorch starts it, for runs that had none: the released code insists on one.
nlohmann::json fresh_scaler() {
  return {{"scale", 65536.0},
          {"growth_factor", 2.0},
          {"backoff_factor", 0.5},
          {"growth_interval", 2000},
          {"_growth_tracker", 0}};
}

Value* checkpoint_value(Document& document, const ReleasedCheckpoint& checkpoint) {
  const Records tokenizer = records_of(tokenizer_state(*checkpoint.tokenizer));
  const Records average = checkpoint.ema_tokenizer.empty() ? tokenizer : records_of(checkpoint.ema_tokenizer);
  pickle::Dict root;
  put(document, root, "model", state_value(document, checkpoint.model, tokenizer, false));
  put(document, root, "model_ema",
      checkpoint.ema ? state_value(document, *checkpoint.ema, average, true) : document.make(pickle::None{}));
  put(document, root, "optimizer",
      optimizer_value(
          document, checkpoint.optimizer ? *checkpoint.optimizer : fresh_optimizer(checkpoint.model, checkpoint.args)));
  put(document, root, "epoch", document.make(checkpoint.epoch.value_or(-1)));
  put(document, root, "scaler",
      plain_value(document, checkpoint.scaler.is_object() ? checkpoint.scaler : fresh_scaler()));
  put(document, root, "args",
      plain_value(document, checkpoint.args.is_object() ? checkpoint.args : nlohmann::json::object()));
  return document.make(std::move(root));
}

}  // namespace

ReleasedConfigTexts configuration_texts(const ReleasedCheckpoint& checkpoint) {
  if (!checkpoint.tokenizer)
    throw Error(ErrorCode::invalid_argument, "a released checkpoint holds its tokenizer, which is not known here",
                "Name the tokenizer's file");
  const TokenizerConfig& tokenizer = checkpoint.tokenizer->tokenizer->config();
  return {.config = !checkpoint.config.text.empty()
                        ? checkpoint.config.text
                        : released_config_text(checkpoint.model.config, tokenizer, checkpoint.config.args),
          .autoencoder = !checkpoint.autoencoder_config.empty() ? checkpoint.autoencoder_config
                                                                : autoencoder_config_text(tokenizer)};
}

void write_released_checkpoint(const std::filesystem::path& folder, const std::string& name,
                               const ReleasedCheckpoint& checkpoint, const ByteProgress& on_written) {
  const at::NoGradGuard no_grad;
  const ReleasedConfigTexts texts = configuration_texts(checkpoint);
  Document document;
  std::filesystem::create_directories(folder);
  write_torch_file(folder / name, *checkpoint_value(document, checkpoint), on_written);
  SystemFiles files;
  files.write_atomic(folder / "config.yaml", texts.config, 0644);
  files.write_atomic(folder / kAutoencoderConfigName, texts.autoencoder, 0644);
}

}  // namespace checkerlab::model
