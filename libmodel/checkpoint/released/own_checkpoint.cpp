#include "libmodel/checkpoint/released/own_checkpoint.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <utility>

#include "base/error.hpp"
#include "libmodel/checkpoint/released/released_model.hpp"
#include "libmodel/checkpoint/torch_file/torch_file.hpp"
#include "libmodel/training/loss_scaler.hpp"

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

// The last finished epoch as the released code counts, from 0.
std::optional<std::int64_t> finished_epoch(const TensorFile& file, ReleasedCheckpoint& checkpoint) {
  const Json state = metadata_json(file, "state");
  if (!state.is_object() || !state.contains("epochs_done") || !state["epochs_done"].is_number()) return std::nullopt;
  const double epochs = state["epochs_done"].get<double>();
  const double whole = std::floor(epochs);
  if (!(epochs >= 0 && epochs < 1e9)) return std::nullopt;
  if (epochs > whole)
    checkpoint.notes.push_back(fmt::format(
        "taken after {:.2f} epochs: the released code goes on at a whole one and begins number {:.0f} again", epochs,
        whole));
  if (whole < 1) return std::nullopt;
  return static_cast<std::int64_t>(whole) - 1;
}

// The scaler as PyTorch keeps it; null where the training had none.
Json scaler_of(const TensorFile& file) {
  const auto scale = file.tensors.find("loss_scale"), good = file.tensors.find("loss_scale_good_steps");
  if (scale == file.tensors.end() || good == file.tensors.end() || scale->second.numel() != 1 ||
      good->second.numel() != 1)
    return nullptr;
  return {{"scale", scale->second.item<double>()},
          {"growth_factor", LossScaler::kGrowth},
          {"backoff_factor", LossScaler::kBackoff},
          {"growth_interval", LossScaler::kInterval},
          {"_growth_tracker", good->second.item<std::int64_t>()}};
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
  checkpoint.epoch = finished_epoch(file, checkpoint);
  checkpoint.scaler = scaler_of(file);
  return checkpoint;
}

}  // namespace checkerlab::model
