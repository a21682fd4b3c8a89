#include "worker/jobs/train_params.hpp"

#include "libmodel/order/scales.hpp"

namespace checkerlab::worker {
namespace {

constexpr double kMostEpochs = 1e6;

int narrow(std::int64_t value) {
  return static_cast<int>(value);
}

std::vector<int> read_sizes(Params& params) {
  std::vector<int> sizes;
  for (const auto size : params.integers("sizes", 1, 1024))
    sizes.push_back(narrow(size));
  const auto ratio = params.text("ratio");
  if (model::scale_sizes(sizes.back(), model::parse_ratio(ratio)) != sizes) {
    params.refuse("sizes", "are not those of ratio " + ratio + " for the grid " + std::to_string(sizes.back()));
  }
  return sizes;
}

model::ModelConfig read_model(Params& params) {
  model::ModelConfig config;
  config.sizes = read_sizes(params);
  config.classes = narrow(params.integer("classes", 1, 1'000'000));
  config.layers = narrow(params.integer("layers", 1, 1000));
  config.width = narrow(params.integer("width", 1, 65536));
  config.heads = narrow(params.integer("heads", 1, 1024));
  config.hidden = narrow(params.integer("hidden", 1, 262'144));
  config.mixing_layers = narrow(params.integer("mixing_layers", 0, config.layers));
  if (params.has("head_mlp")) config.head_mlp = params.flag("head_mlp");
  return config;
}

// A list of {step or epoch, `name`}.
template <typename Moment, typename Value>
std::vector<Moment> read_moments(Params& params, const char* list, const char* name, Value Moment::*value) {
  std::vector<Moment> moments;
  for (const auto& entry : params.list(list)) {
    const bool whole = entry.is_object() && entry.contains(name) && entry.at(name).is_number() && entry.size() == 2 &&
                       ((entry.contains("step") && entry.at("step").is_number_integer()) ||
                        (entry.contains("epoch") && entry.at("epoch").is_number()));
    if (!whole) params.refuse(list, std::string("every entry must be {step or epoch, ") + name + "}");
    Moment& moment = moments.emplace_back();
    moment.*value = entry.at(name).get<Value>();
    if (entry.contains("epoch")) {
      moment.epoch = entry.at("epoch").get<double>();
    } else {
      moment.step = entry.at("step").get<std::int64_t>();
    }
  }
  return moments;
}

void read_lengths(Params& params, model::TrainConfig& config) {
  if (params.has("epochs")) {
    config.epochs = params.number("epochs", 0, kMostEpochs);
  } else {
    config.steps = params.integer("steps", 0, kMostSteps);
  }
  if (params.has("warmup_epochs")) {
    config.warmup_epochs = params.number("warmup_epochs", 0, kMostEpochs);
  } else {
    config.warmup_steps = params.integer("warmup_steps", 0, kMostSteps);
  }
}

}  // namespace

model::TrainConfig read_train_params(Params& params) {
  model::TrainConfig config;
  config.model = read_model(params);
  read_lengths(params, config);
  config.batch = params.integer("batch", 1, kMostBatch);
  config.learning_rate = params.number("lr", 0, 10);
  config.drops = read_moments(params, "drops", "factor", &model::LearningRateDrop::factor);
  if (params.has("accumulation"))
    config.accumulation = read_moments(params, "accumulation", "batches", &model::Accumulation::batches);
  config.weight_decay = params.number("weight_decay", 0, 10);
  config.label_dropout = params.number("label_dropout", 0, 1);
  config.source_replacement = params.number("source_replacement", 0, 1);
  if (params.has("ema_decay")) config.ema_decay = params.number("ema_decay", 0, 1);
  if (params.has("gradient_clip")) config.gradient_clip = params.number("gradient_clip", 0, 1e6);
  if (params.has("skip_limit")) config.skip_limit = params.integer("skip_limit", 0, kMostSteps);
  config.seed = static_cast<std::uint64_t>(params.integer("seed", 0, kMostSeed));
  config.precision = model::precision_from_string(params.one_of("precision", {"fp32", "bf16", "fp16"}));
  params.expect_no_more();
  return config;
}

}  // namespace checkerlab::worker
