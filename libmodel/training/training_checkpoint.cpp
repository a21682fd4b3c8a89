#include "libmodel/training/training_checkpoint.hpp"

#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "base/canonical_json.hpp"
#include "base/error.hpp"

namespace checkerlab::model {
namespace {

using Json = nlohmann::json;

constexpr const char* kKind = "training_checkpoint";

[[noreturn]] void refuse(const std::filesystem::path& where, const std::string& what) {
  throw Error(ErrorCode::invalid_data, where.string() + " " + what, "Start the training from the beginning");
}

Json parsed(const TensorFile& file, const char* key, const std::filesystem::path& where) {
  const auto found = file.metadata.find(key);
  const auto json = found == file.metadata.end() ? Json(Json::value_t::discarded)
                                                 : Json::parse(found->second, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded() || !json.is_object()) refuse(where, "holds no state of a training run");
  return json;
}

void read_state(const Json& state, TrainingCheckpoint& checkpoint) {
  try {
    checkpoint.steps_done = state.at("steps_done");
    checkpoint.counts.loss = {state.at("loss_sum"), state.at("loss_weight")};
    checkpoint.counts.overflows = state.value("overflows", std::int64_t{0});
    checkpoint.counts.not_finite = state.value("not_finite", std::int64_t{0});
  } catch (const Json::exception&) {
    refuse(checkpoint.where, "holds no state of a training run");
  }
  if (checkpoint.steps_done < 0) refuse(checkpoint.where, "holds no state of a training run");
}

// The names of the settings that differ.
std::string differences(const Json& before, const Json& now) {
  std::set<std::string> names;
  for (const auto& [one, other] : {std::pair(&before, &now), std::pair(&now, &before)}) {
    for (const auto& [key, value] : one->items()) {
      if (!other->contains(key) || canonical_json(other->at(key)) != canonical_json(value)) names.insert(key);
    }
  }
  std::string text;
  for (const std::string& name : names) {
    text += (text.empty() ? "" : ", ") + name;
  }
  return text;
}

void check_settings(const Json& before, const TrainConfig& config, const std::filesystem::path& where,
                    bool accept_others) {
  const Json now = configuration_json(config);
  const std::string changed = differences(before, now);
  if (changed.empty()) return;
  const bool same_model = before.contains("model") && canonical_json(before["model"]) == canonical_json(now["model"]);
  if (accept_others && same_model) return;
  throw Error(ErrorCode::version_mismatch,
              where.string() + " belongs to a training run with other settings: " + changed + " differ",
              same_model ? "Continue with the settings of that run, ask for the change, or start from the beginning"
                         : "Start from the beginning: a checkpoint continues the model it was made with");
}

template <typename Moment>
Json moment_json(const Moment& moment, Json entry) {
  if (moment.epoch) {
    entry["epoch"] = *moment.epoch;
  } else {
    entry["step"] = moment.step;
  }
  return entry;
}

}  // namespace

nlohmann::json configuration_json(const TrainConfig& config) {
  Json drops = Json::array(), changes = Json::array();
  for (const LearningRateDrop& drop : config.drops) {
    drops.push_back(moment_json(drop, {{"factor", drop.factor}}));
  }
  for (const Accumulation& change : config.accumulation) {
    changes.push_back(moment_json(change, {{"batches", change.batches}}));
  }
  Json json{{"model", config.model},
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
            {"precision", to_string(config.precision)}};
  if (config.warmup_epochs) json["warmup_epochs"] = *config.warmup_epochs;
  if (!changes.empty()) json["accumulation"] = changes;
  if (config.ema_decay > 0) json["ema_decay"] = config.ema_decay;
  if (config.skip_limit > 0) json["skip_limit"] = config.skip_limit;
  if (!config.start.empty()) json["start"] = config.start;
  return json;
}

void save_training_checkpoint(const std::filesystem::path& file, const TrainConfig& config,
                              const TrainingState& state) {
  TensorFile contents =
      to_tensor_file(state.model, state.average ? std::optional<Model>(state.average->model()) : std::nullopt);
  state.optimizer.save(contents);
  if (state.scaler) state.scaler->save(contents);
  const Json progress{{"steps_done", state.steps_done},
                      {"loss_sum", state.counts.loss.sum},
                      {"loss_weight", state.counts.loss.weight},
                      {"overflows", state.counts.overflows},
                      {"not_finite", state.counts.not_finite}};
  contents.metadata["kind"] = kKind;
  contents.metadata["state"] = progress.dump();
  contents.metadata["training"] = canonical_json(configuration_json(config));
  write_safetensors(file, contents);
}

TrainingCheckpoint load_training_checkpoint(const std::filesystem::path& file, const TrainConfig& config,
                                            bool accept_other_settings) {
  TrainingCheckpoint checkpoint{
      .where = file, .file = read_safetensors(file), .model = {}, .average = {}, .counts = {}};
  if (checkpoint.file.metadata["kind"] != kKind)
    throw Error(ErrorCode::invalid_data, file.string() + " is not a training checkpoint");
  check_settings(parsed(checkpoint.file, "training", file), config, file, accept_other_settings);
  read_state(parsed(checkpoint.file, "state", file), checkpoint);
  checkpoint.file.metadata["kind"] = "model";
  checkpoint.model = model_from_tensor_file(checkpoint.file, file);
  checkpoint.average = average_from_tensor_file(checkpoint.file, file);
  return checkpoint;
}

void TrainingCheckpoint::restore(TrainingState& state) const {
  state.optimizer.load(file, where);
  if (state.average && average) state.average->set(*average);
  if (state.scaler && file.tensors.contains("loss_scale")) state.scaler->load(file, where);
  state.steps_done = steps_done;
  state.counts = counts;
}

}  // namespace checkerlab::model
