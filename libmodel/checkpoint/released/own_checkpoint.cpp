#include "libmodel/checkpoint/released/own_checkpoint.hpp"

#include <array>
#include <utility>

#include "base/error.hpp"
#include "libmodel/checkpoint/released/released_model.hpp"
#include "libmodel/checkpoint/torch_file/torch_file.hpp"

namespace checkerlab::model {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

Json metadata_json(const TensorFile& file, const char* key) {
  const auto found = file.metadata.find(key);
  return found == file.metadata.end() ? Json() : Json::parse(found->second, nullptr, /*allow_exceptions=*/false);
}

// The entries below a prefix as a file of their own.
TensorFile below(const TensorFile& file, const std::string& prefix) {
  TensorFile part{.tensors = {}, .metadata = file.metadata};
  for (const auto& [name, tensor] : file.tensors) {
    if (name.starts_with(prefix)) part.tensors[name.substr(prefix.size())] = tensor;
  }
  return part;
}

std::optional<Model> averaged(const TensorFile& file, const at::Tensor& codebook, const fs::path& where) {
  TensorFile average = below(file, "ema.");
  if (average.tensors.empty()) return std::nullopt;
  average.tensors["codebook"] = codebook.clone();
  return model_from_tensor_file(average, where);
}

// Moments of all parameters, with the settings that training used.
std::optional<OptimizerState> moments_of(const TensorFile& file, const Model& model, const Json& settings,
                                         const fs::path& where) {
  const TensorFile averages = below(file, "exp_avg."), squares = below(file, "exp_avg_sq."),
                   steps = below(file, "adam_step.");
  if (averages.tensors.empty()) return std::nullopt;
  const Json state = metadata_json(file, "state");
  const double all_steps = state.is_object() && state.contains("steps_done") ? state["steps_done"].get<double>() : 0;
  OptimizerState found = fresh_optimizer(model, settings);
  for (const auto& [name, average] : averages.tensors) {
    const auto own = steps.tensors.find(name);
    found.moments[name] = {average, squares.at(name, where),
                           own == steps.tensors.end() ? all_steps : own->second.item<double>()};
  }
  return found;
}

// What the released training calls its settings.
Json released_args(const Json& training) {
  Json args = Json::object();
  if (!training.is_object()) return args;
  using Names = std::pair<const char*, const char*>;
  constexpr std::array kNames{Names{"batch", "batch_size"}, Names{"learning_rate", "lr"},
                              Names{"weight_decay", "weight_decay"}, Names{"gradient_clip", "clip_grad"}};
  for (const auto& [own, released] : kNames) {
    if (training.contains(own) && training[own].is_number()) args[released] = training[own];
  }
  if (args.contains("clip_grad") && args["clip_grad"] == 0) args["clip_grad"] = nullptr;
  return args;
}

}  // namespace

bool is_own_file(const fs::path& path) {
  return !is_torch_file(path) && read_safetensors_metadata(path).contains("kind");
}

bool is_own_model(const fs::path& path) {
  if (is_torch_file(path)) return false;
  const auto metadata = read_safetensors_metadata(path);
  const auto kind = metadata.find("kind");
  if (kind == metadata.end()) return false;
  if (kind->second != "model" && kind->second != "training_checkpoint")
    throw Error(ErrorCode::invalid_data, path.string() + " holds a " + kind->second + ", not a model",
                "Give a model or a checkpoint of a training");
  return true;
}

ReleasedCheckpoint read_own_checkpoint(const fs::path& path) {
  TensorFile file = read_safetensors(path);
  file.metadata["kind"] = "model";
  ReleasedCheckpoint checkpoint;
  checkpoint.model = model_from_tensor_file(file, path);
  checkpoint.ema = averaged(file, checkpoint.model.codebook, path);
  checkpoint.args = released_args(metadata_json(file, "training"));
  checkpoint.config.args = checkpoint.args;
  checkpoint.optimizer = moments_of(file, checkpoint.model, checkpoint.args, path);
  return checkpoint;
}

}  // namespace checkerlab::model
