#include "worker/jobs/train_model.hpp"

#include <cstdio>
#include <filesystem>
#include <optional>

#include "base/error.hpp"
#include "libmodel/training/token_files.hpp"
#include "libmodel/training/trainer.hpp"
#include "worker/jobs/gang_ranks.hpp"
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

// What a rank but 0 tells: progress, as a sign of life, and messages. Curves and checkpoints are rank 0's.
class Onlooker final : public model::Observer {
 public:
  explicit Onlooker(model::Observer& inner) : inner_(inner) {}
  void progress(std::int64_t done, std::int64_t total, std::string_view unit) override {
    inner_.progress(done, total, unit);
  }
  void curve(std::string_view, std::int64_t, double) override {}
  void log(model::LogLevel level, std::string_view text) override { inner_.log(level, text); }
  bool cancelled() const override { return inner_.cancelled(); }
  std::optional<std::filesystem::path> checkpoint_due() override { return std::nullopt; }
  void checkpoint(std::int64_t, const std::filesystem::path&) override {}

 private:
  model::Observer& inner_;
};

JobOutput output_of(const JobCall& call, const model::TrainResult& result) {
  model::save_model(call.output("model"), result.model, result.average);
  return {{{"final_loss", result.final_loss},
           {"parameters", static_cast<double>(result.model.parameter_count())},
           {"images_per_second", result.images_per_second},
           {"seconds", result.seconds},
           {"skipped_steps", static_cast<double>(result.skipped_steps + result.overflows)}},
          {{"model", call.output("model")}},
          {}};
}

// Trains as one of the ranks that train: rank 0 has the model and its curves, the others nothing.
JobOutput train(JobCall& call, model::TrainConfig config, model::Communicator& ranks) {
  const auto piece = piece_of_batch(call.command.hints, config.batch);
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
  Onlooker onlooker(call.observer);
  model::Observer& observer = ranks.rank() == 0 ? static_cast<model::Observer&>(call.observer) : onlooker;
  const auto result = model::train_model(
      config, tokens, call.device, observer,
      {.resume = common_resume(call, ranks), .start = std::move(start), .micro_batch = piece, .ranks = &ranks});
  if (ranks.rank() != 0) return {};
  return output_of(call, result);
}

}  // namespace

JobOutput TrainModelJob::work(JobCall& call) {
  const auto config = read_train_params(call.params);
  const auto& gang = call.command.gang;
  const auto piece = piece_of_batch(call.command.hints, config.batch);
  const int size = gang ? ranks_that_train(config.batch, piece, gang->seat.size) : 1;
  if (gang && gang->seat.rank >= size) {
    call.observer.log(model::LogLevel::info, "the pieces of a batch do not divide among " +
                                                 std::to_string(gang->seat.size) + " workers: " + std::to_string(size) +
                                                 " train, not this one");
    return {};
  }
  const auto ranks = join_gang_ranks(call, size);
  return train(call, config, *ranks);
}

}  // namespace checkerlab::worker
