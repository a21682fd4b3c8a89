#include "worker/jobs/train_model.hpp"

#include <cstdio>
#include <filesystem>
#include <optional>

#include "base/error.hpp"
#include "libmodel/training/token_files.hpp"
#include "libmodel/training/trainer.hpp"
#include "worker/jobs/loaded.hpp"
#include "worker/jobs/train_params.hpp"

namespace checkerlab::worker {
namespace {

int narrow(std::int64_t value) {
  return static_cast<int>(value);
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
  std::vector<std::filesystem::path> files;
  for (const int size : config.sizes)
    files.push_back(call.input(tokens_role(size), "tokens").path);
  auto set = model::read_token_files(files, config.sizes, codebook);
  check_labels(set.labels, config.classes);
  return set;
}

// The weights of the input `start`, where there is one.
std::optional<model::TrainingStart> read_start(JobCall& call) {
  if (!call.command.inputs.contains("start")) return std::nullopt;
  return model::TrainingStart{.model = model::load_model(call.input("start", "model").path, c10::kCPU), .moments = {}};
}

// The hint micro_batch: images whose gradients are computed at once. 0: all of a batch.
std::int64_t micro_batch(const JobCall& call) {
  const auto& hints = call.command.hints;
  if (!hints.contains("micro_batch")) return 0;
  const auto& size = hints.at("micro_batch");
  if (!size.is_number_integer() || size.get<std::int64_t>() < 1)
    throw Error(ErrorCode::invalid_argument,
                "the hint micro_batch is " + size.dump() + ": it must be a positive integer");
  return size.get<std::int64_t>();
}

}  // namespace

JobOutput TrainModelJob::work(JobCall& call) {
  auto config = read_train_params(call.params);
  const auto tokenizer = load_tokenizer(call);
  config.model.codes = narrow((*tokenizer)->config().codes);
  config.model.code_dim = narrow((*tokenizer)->config().code_dim);
  const auto codebook = [&] {
    const torch::NoGradGuard no_gradients;
    return (*tokenizer)->codes().detach().clone();
  }();
  const auto tokens = read_tokens(call, config.model, codebook);
  auto start = read_start(call);
  if (start) config.start = call.input("start", "model").sha256;
  const auto result =
      model::train_model(config, tokens, call.device, call.observer,
                         {.resume = call.resume(), .start = std::move(start), .micro_batch = micro_batch(call)});
  model::save_model(call.output("model"), result.model, result.average);
  return {{{"final_loss", result.final_loss},
           {"parameters", static_cast<double>(result.model.parameter_count())},
           {"images_per_second", result.images_per_second},
           {"seconds", result.seconds},
           {"skipped_steps", static_cast<double>(result.skipped_steps + result.overflows)}},
          {{"model", call.output("model")}},
          {}};
}

}  // namespace checkerlab::worker
