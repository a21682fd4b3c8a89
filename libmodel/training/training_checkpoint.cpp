#include "libmodel/training/training_checkpoint.hpp"

#include <nlohmann/json.hpp>
#include <string>

#include "base/canonical_json.hpp"
#include "base/error.hpp"

namespace checkerlab::model {
namespace {

constexpr const char* kKind = "training_checkpoint";

nlohmann::json parse_state(const TensorFile& file, const std::filesystem::path& where) {
  const auto found = file.metadata.find("state");
  const auto state = found == file.metadata.end()
                         ? nlohmann::json(nlohmann::json::value_t::discarded)
                         : nlohmann::json::parse(found->second, nullptr, /*allow_exceptions=*/false);
  const auto number = [&](const char* key) { return state.contains(key) && state[key].is_number(); };
  if (state.is_discarded() || !state.is_object() || !number("steps_done") || !number("loss_sum") ||
      !number("loss_weight") || state["steps_done"].get<std::int64_t>() < 0)
    throw Error(ErrorCode::invalid_data, where.string() + " holds no state of a training run",
                "Start the training from the beginning");
  return state;
}

}  // namespace

std::string configuration_text(const TrainConfig& config) {
  nlohmann::json drops = nlohmann::json::array();
  for (const LearningRateDrop& drop : config.drops) {
    drops.push_back({{"step", drop.step}, {"factor", drop.factor}});
  }
  return canonical_json({{"model", config.model},
                         {"batch", config.batch},
                         {"learning_rate", config.learning_rate},
                         {"warmup_steps", config.warmup_steps},
                         {"drops", drops},
                         {"weight_decay", config.weight_decay},
                         {"label_dropout", config.label_dropout},
                         {"source_replacement", config.source_replacement},
                         {"gradient_clip", config.gradient_clip},
                         {"fixed_steps_per_scale", config.fixed_steps_per_scale},
                         {"seed", std::to_string(config.seed)},
                         {"precision", to_string(config.precision)}});
}

void save_training_checkpoint(const std::filesystem::path& file, const TrainConfig& config, const Model& model,
                              const Optimizer& optimizer, const RunningLoss& loss) {
  TensorFile contents = to_tensor_file(model);
  optimizer.save(contents);
  const nlohmann::json state{
      {"steps_done", optimizer.steps_done()}, {"loss_sum", loss.sum}, {"loss_weight", loss.weight}};
  contents.metadata["kind"] = kKind;
  contents.metadata["state"] = state.dump();
  contents.metadata["training"] = configuration_text(config);
  write_safetensors(file, contents);
}

TrainingCheckpoint load_training_checkpoint(const std::filesystem::path& file, const TrainConfig& config) {
  TrainingCheckpoint checkpoint{.file = read_safetensors(file), .model = {}, .loss = {}};
  if (checkpoint.file.metadata["kind"] != kKind)
    throw Error(ErrorCode::invalid_data, file.string() + " is not a training checkpoint");
  if (checkpoint.file.metadata["training"] != configuration_text(config))
    throw Error(ErrorCode::version_mismatch, file.string() + " belongs to a training run with other settings",
                "Continue with the settings of that run, or start from the beginning");
  const nlohmann::json state = parse_state(checkpoint.file, file);
  checkpoint.steps_done = state["steps_done"].get<std::int64_t>();
  checkpoint.loss = {state["loss_sum"].get<double>(), state["loss_weight"].get<double>()};
  checkpoint.file.metadata["kind"] = "model";
  checkpoint.model = model_from_tensor_file(checkpoint.file, file);
  return checkpoint;
}

}  // namespace checkerlab::model
