#include "libmodel/checkpoint/inspect.hpp"

#include <fstream>

#include "base/error.hpp"
#include "base/sha256.hpp"
#include "libmodel/checkpoint/parts.hpp"
#include "libmodel/checkpoint/released/plain_json.hpp"
#include "libmodel/checkpoint/released/released_config.hpp"
#include "libmodel/checkpoint/released/released_file.hpp"
#include "libmodel/checkpoint/released/released_model.hpp"
#include "libmodel/checkpoint/released/released_tokenizer.hpp"
#include "libmodel/checkpoint/safetensors.hpp"
#include "libmodel/checkpoint/safetensors_header.hpp"
#include "libmodel/checkpoint/torch_file/torch_file.hpp"

namespace checkerlab::model {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

std::string hash_file(const fs::path& file, std::uint64_t bytes, Observer& observer) {
  constexpr std::size_t kPiece = 8 << 20;
  std::ifstream stream(file, std::ios::binary);
  std::string piece(kPiece, '\0');
  Sha256 hash;
  std::int64_t done = 0;
  while (stream.read(piece.data(), kPiece), stream.gcount() > 0) {
    throw_if_cancelled(observer, "reading " + file.string());
    hash.update(piece.data(), static_cast<std::size_t>(stream.gcount()));
    done += stream.gcount();
    observer.progress(done, static_cast<std::int64_t>(bytes), "bytes");
  }
  if (stream.bad() || static_cast<std::uint64_t>(done) != bytes)
    throw Error(ErrorCode::io_error, "read " + file.string() + ": it changed or could not be read");
  return hash.hex();
}

// The settings of the optimiser and how far it is, without reading moments.
Json optimizer_summary(const pickle::Value& value) {
  Json summary = Json::object();
  const auto* dict = value.as<pickle::Dict>();
  const auto* state = dict == nullptr ? nullptr : find(*dict, "state");
  const auto* moments = state == nullptr ? nullptr : state->as<pickle::Dict>();
  summary["parameters_with_moments"] = moments == nullptr ? 0 : moments->items.size();
  if (moments == nullptr || moments->items.empty()) return summary;
  const auto* first = moments->items.front().second->as<pickle::Dict>();
  const auto* steps = first == nullptr ? nullptr : find(*first, "step");
  if (steps != nullptr) summary["steps"] = plain_json(*steps, "the optimiser's step");
  return summary;
}

Json released_training(const ReleasedFile& file) {
  Json training = Json::object();
  if (file.epoch) training["epoch"] = *file.epoch;
  training["averaged_weights"] = file.ema.has_value();
  if (file.optimizer != nullptr) training["optimizer"] = optimizer_summary(*file.optimizer);
  if (file.scaler.is_object() && file.scaler.contains("scale")) training["loss_scale"] = file.scaler["scale"];
  if (!file.args.is_null()) training["args"] = file.args;
  return training;
}

Json released_structure(const ReleasedFile& file, const std::optional<fs::path>& given, FileDescription& description) {
  const StateDict tokenizer = file.tokenizer();
  const std::string where = file.path.string();
  if (!file.holds_model()) return to_json_object(tokenizer_structure(tokenizer, where));
  const fs::path config = given.value_or(file.path.parent_path() / "config.yaml");
  if (!given && !fs::exists(config)) {
    description.notes.push_back("its structure is not told: no config.yaml lies beside it (--config names one)");
    return nullptr;
  }
  if (tokenizer.names().empty()) {
    description.notes.push_back("its structure is not told: it holds no tokenizer");
    return nullptr;
  }
  return model_config(read_released_config(config), tokenizer_structure(tokenizer, where),
                      classes_of(file.state, where), config.string());
}

void describe_released(const std::optional<fs::path>& config, FileDescription& description) {
  const ReleasedFile file = open_released_file(description.path);
  description.format = file.format;
  description.source = "released";
  description.kind = file.holds_model() ? "model" : "tokenizer";
  PartCounter counter;
  for (const std::string& name : file.state.names())
    counter.add(file.holds_model() ? name : kTokenizerPrefix + name, file.state.record(name).elements());
  description.parts = counter.parts();
  description.trainable = counter.trainable();
  description.config = released_structure(file, config, description);
  if (file.holds_model() && (file.epoch || file.optimizer != nullptr)) description.training = released_training(file);
}

void describe_own(const TensorHeader& header, FileDescription& description) {
  const auto text = [&](const char* key) {
    const auto found = header.metadata.find(key);
    return found == header.metadata.end() ? Json() : Json::parse(found->second, nullptr, /*allow_exceptions=*/false);
  };
  description.source = "checkerlab";
  description.kind = header.metadata.at("kind");
  const bool tokenizer = description.kind == "tokenizer";
  PartCounter counter;
  bool average = false;
  for (const TensorEntry& entry : header.entries) {
    std::int64_t numbers = 1;
    for (const std::int64_t size : entry.shape)
      numbers *= size;
    average = average || entry.name.starts_with("ema.");
    counter.add(tokenizer ? kTokenizerPrefix + entry.name : entry.name, numbers);
  }
  description.parts = counter.parts();
  description.trainable = counter.trainable();
  description.config = text("config");
  if (description.kind != "training_checkpoint") return;
  description.training = text("state");
  if (description.training.is_object()) description.training["averaged_weights"] = average;
}

}  // namespace

FileDescription inspect_file(const fs::path& path, const std::optional<fs::path>& config, Observer& observer) {
  FileDescription description;
  description.path = path;
  const bool torch = is_torch_file(path);
  description.bytes = fs::file_size(path);
  const TensorHeader header = torch ? TensorHeader{} : read_safetensors_header(path);
  if (header.metadata.contains("kind")) {
    description.format = "safetensors";
    describe_own(header, description);
  } else {
    describe_released(config, description);
  }
  description.sha256 = hash_file(path, description.bytes, observer);
  return description;
}

Json to_json_object(const FileDescription& description) {
  Json parts = Json::array();
  for (const FilePart& part : description.parts)
    parts.push_back({{"name", part.name}, {"tensors", part.tensors}, {"numbers", part.numbers}});
  return {{"file", description.path.string()},
          {"kind", description.kind},
          {"format", description.format},
          {"source", description.source},
          {"bytes", description.bytes},
          {"sha256", description.sha256},
          {"parts", parts},
          {"trainable_parameters", description.trainable},
          {"config", description.config},
          {"training", description.training},
          {"notes", description.notes}};
}

}  // namespace checkerlab::model
