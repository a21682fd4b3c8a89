#include "worker/jobs/train_model.hpp"

#include <cstdio>

#include "base/error.hpp"
#include "libmodel/data/token_cache.hpp"
#include "libmodel/order/scales.hpp"
#include "libmodel/training/trainer.hpp"
#include "worker/jobs/loaded.hpp"

namespace checkerlab::worker {
namespace {

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

std::vector<model::LearningRateDrop> read_drops(Params& params) {
  std::vector<model::LearningRateDrop> drops;
  for (const auto& drop : params.list("drops")) {
    const bool whole = drop.is_object() && drop.contains("step") && drop.at("step").is_number_integer() &&
                       drop.contains("factor") && drop.at("factor").is_number();
    if (!whole) params.refuse("drops", "every entry must be {step, factor}");
    drops.push_back({drop.at("step").get<std::int64_t>(), drop.at("factor").get<double>()});
  }
  return drops;
}

model::TrainConfig read_config(Params& params) {
  model::TrainConfig config;
  config.model.sizes = read_sizes(params);
  config.model.classes = narrow(params.integer("classes", 1, 1'000'000));
  config.model.layers = narrow(params.integer("layers", 1, 1000));
  config.model.width = narrow(params.integer("width", 1, 65536));
  config.model.heads = narrow(params.integer("heads", 1, 1024));
  config.model.hidden = narrow(params.integer("hidden", 1, 262'144));
  config.model.mixing_layers = narrow(params.integer("mixing_layers", 0, config.model.layers));
  config.steps = params.integer("steps", 0, kMostSteps);
  config.batch = params.integer("batch", 1, kMostBatch);
  config.learning_rate = params.number("lr", 0, 10);
  config.warmup_steps = params.integer("warmup_steps", 0, kMostSteps);
  config.drops = read_drops(params);
  config.weight_decay = params.number("weight_decay", 0, 10);
  config.label_dropout = params.number("label_dropout", 0, 1);
  config.source_replacement = params.number("source_replacement", 0, 1);
  config.seed = static_cast<std::uint64_t>(params.integer("seed", 0, kMostSeed));
  config.precision = model::precision_from_string(params.one_of("precision", {"fp32", "bf16"}));
  params.expect_no_more();
  return config;
}

std::string tokens_role(int size) {
  char role[32];
  std::snprintf(role, sizeof role, "tokens.%03d", size);
  return role;
}

void check_labels(const at::Tensor& labels, int classes) {
  if (labels.numel() == 0) throw Error(ErrorCode::invalid_data, "the token caches are empty");
  const auto most = labels.max().item<std::int64_t>() + 1;
  if (most <= classes) return;
  throw Error(
      ErrorCode::invalid_argument,
      "train_model: the data set has " + std::to_string(most) + " classes, the study says " + std::to_string(classes),
      "correct dataset.classes in the study's definition");
}

model::TokenSet read_tokens(JobCall& call, const model::ModelConfig& config, const at::Tensor& codebook) {
  model::TokenSet set;
  set.codebook = codebook.to(at::kCPU);
  for (const int size : config.sizes) {
    auto cache = model::read_token_cache(call.input(tokens_role(size), "tokens").path);
    if (cache.side != size) {
      throw Error(ErrorCode::invalid_data,
                  "the input " + tokens_role(size) + " has tokens of size " + std::to_string(cache.side));
    }
    if (set.labels.defined() && !set.labels.equal(cache.labels)) {
      throw Error(ErrorCode::invalid_data, "the token caches are not of the same images");
    }
    set.labels = cache.labels;
    set.tokens[size] = cache.tokens;
  }
  check_labels(set.labels, config.classes);
  return set;
}

}  // namespace

JobOutput TrainModelJob::work(JobCall& call) {
  auto config = read_config(call.params);
  const auto tokenizer = load_tokenizer(call);
  config.model.codes = narrow((*tokenizer)->config().codes);
  config.model.code_dim = narrow((*tokenizer)->config().code_dim);
  const auto codebook = [&] {
    const torch::NoGradGuard no_gradients;
    return (*tokenizer)->codes().detach().clone();
  }();
  const auto tokens = read_tokens(call, config.model, codebook);
  const auto result = model::train_model(config, tokens, call.device, call.observer, call.resume());
  model::save_model(call.output("model"), result.model);
  return {{{"final_loss", result.final_loss},
           {"parameters", static_cast<double>(result.model.parameter_count())},
           {"images_per_second", result.images_per_second},
           {"seconds", result.seconds}},
          {{"model", call.output("model")}},
          {}};
}

}  // namespace checkerlab::worker
