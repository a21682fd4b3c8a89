#include "libmodel/checkpoint/released/released_file.hpp"

#include "base/error.hpp"
#include "libmodel/checkpoint/printable.hpp"
#include "libmodel/checkpoint/released/plain_json.hpp"
#include "libmodel/checkpoint/released/released_tokenizer.hpp"
#include "libmodel/checkpoint/safetensors.hpp"
#include "libmodel/checkpoint/torch_file/torch_file.hpp"

namespace checkerlab::model {
namespace {

namespace fs = std::filesystem;
using pickle::Value;

constexpr const char* kModelTensor = "llama.norm.weight";

const Value* present(const pickle::Dict& dict, std::string_view key) {
  const Value* value = find(dict, key);
  return value == nullptr || value->is_none() ? nullptr : value;
}

// The dict that holds the weights.
const Value& weights_of(const Value& root, const pickle::Dict& dict) {
  for (const char* key : {"model", "state_dict"}) {
    const Value* inner = present(dict, key);
    if (inner != nullptr && inner->as<pickle::Dict>() != nullptr) return *inner;
  }
  return root;
}

std::string first_names(const StateDict& state) {
  std::string text;
  for (std::size_t i = 0; i < state.names().size() && i < 5; ++i)
    text += (i > 0 ? ", " : "") + printable(state.names()[i]);
  return state.names().empty() ? "nothing" : text;
}

void read_rest(ReleasedFile& file, const pickle::Dict& dict) {
  const std::string where = file.path.string();
  if (const Value* ema = present(dict, "model_ema")) file.ema = StateDict(*ema, file.bytes, where + ": 'model_ema'");
  if (const Value* epoch = present(dict, "epoch")) {
    const auto* number = epoch->as<std::int64_t>();
    if (number == nullptr) throw Error(ErrorCode::invalid_data, where + ": 'epoch' is " + std::string(kind_of(*epoch)));
    file.epoch = *number;
  }
  if (const Value* scaler = present(dict, "scaler")) file.scaler = plain_json(*scaler, where + ": 'scaler'");
  if (const Value* args = present(dict, "args")) file.args = plain_json(*args, where + ": 'args'");
  file.optimizer = present(dict, "optimizer");
}

ReleasedFile from_torch(const fs::path& path, ByteProgress on_read) {
  const TorchFile torch = read_torch_file(path, std::move(on_read));
  ReleasedFile file;
  file.path = path;
  file.format = torch.format == TorchFormat::zip ? "torch zip" : "torch legacy";
  file.bytes = fs::file_size(path);
  file.document = torch.document;
  const auto* dict = torch.root->as<pickle::Dict>();
  if (dict == nullptr)
    throw Error(ErrorCode::invalid_data,
                path.string() + " holds " + std::string(kind_of(*torch.root)) + ", not a checkpoint",
                "Give a checkpoint of a model or of a tokenizer");
  const Value& weights = weights_of(*torch.root, *dict);
  file.state = StateDict(weights, file.bytes, path.string());
  if (&weights != torch.root && file.holds_model()) read_rest(file, *dict);
  return file;
}

ReleasedFile from_safetensors(const fs::path& path) {
  const TensorFile tensors = read_safetensors(path);
  ReleasedFile file;
  file.path = path;
  file.format = "safetensors";
  file.bytes = fs::file_size(path);
  file.state = StateDict(tensors.tensors);
  return file;
}

}  // namespace

bool ReleasedFile::holds_model() const {
  return state.contains(kModelTensor);
}

StateDict ReleasedFile::tokenizer() const {
  StateDict inner = state.below(kTokenizerPrefix);
  if (!inner.names().empty() || holds_model()) return inner;
  return state;
}

ReleasedFile open_released_file(const fs::path& path, ByteProgress on_read) {
  ReleasedFile file = is_torch_file(path) ? from_torch(path, std::move(on_read)) : from_safetensors(path);
  if (!file.holds_model() && !holds_tokenizer(file.tokenizer()))
    throw Error(ErrorCode::invalid_data,
                path.string() +
                    " holds neither a model nor a tokenizer of the known architecture; its tensors begin with: " +
                    first_names(file.state),
                "Give a checkpoint of the released code or one of this program");
  return file;
}

}  // namespace checkerlab::model
