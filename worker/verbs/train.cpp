// `checkerlab model train RECIPE.yaml`: trains one model without a coordinator.
#include <fmt/format.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/sha256.hpp"
#include "libmodel/checkpoint/released/load_any.hpp"
#include "libmodel/checkpoint/released/released_checkpoint.hpp"
#include "libmodel/device.hpp"
#include "libmodel/distributed/agreement.hpp"
#include "libmodel/training/trainer.hpp"
#include "sweeps/issue_text.hpp"
#include "sweeps/job_specs.hpp"
#include "sweeps/recipe.hpp"
#include "worker/jobs/train_params.hpp"
#include "worker/verbs/makers.hpp"
#include "worker/verbs/ranked_command.hpp"
#include "worker/verbs/training_data.hpp"
#include "worker/verbs/training_folder.hpp"
#include "worker/verbs/training_observer.hpp"

namespace checkerlab::worker {
namespace {

using Json = nlohmann::json;

struct Options {
  std::string recipe, out, device = "auto";
  std::vector<std::string> overrides;
  bool resume = false, restart = false, accept_changes = false;

  Beginning beginning() const {
    if (restart) return Beginning::restart;
    return resume ? Beginning::resume : Beginning::continue_if_begun;
  }
};

// What is trained on, without what cannot change a result.
Json identity_of(const sweeps::RecipeDefinition& recipe) {
  Json data{{"path", recipe.data.path}};
  if (recipe.data.kind == sweeps::RecipeDataKind::images) {
    data["size"] = recipe.data.size;
    data["crops"] = recipe.data.crops;
    data["ratio"] = recipe.ratio.text;
  }
  return {{"data", data}, {"tokenizer", sha256_file(recipe.tokenizer)}};
}

// The rest of a released run that is to be continued.
void continue_released(const std::string& file, model::TrainingStart& start) {
  const auto run = model::read_released_checkpoint(file, {.ema = false});
  if (!run.optimizer || run.optimizer->moments.empty() || !run.epoch)
    throw Error(ErrorCode::invalid_data, file + " holds no state of a training to continue",
                "Leave start.optimizer out to start from its weights alone");
  for (const auto& [name, moments] : run.optimizer->moments)
    start.moments[name] = {moments.average, moments.square, moments.steps};
  start.epochs_done = static_cast<double>(*run.epoch + 1);
  if (run.scaler.is_object() && run.scaler.contains("scale")) start.loss_scale = run.scaler.at("scale").get<double>();
}

// One run of a recipe, or a rank of it.
class RecipeRun {
 public:
  RecipeRun(const sweeps::RecipeDefinition& recipe, const Options& options, VerbContext& context,
            model::Communicator& ranks, c10::Device device)
      : recipe_(recipe),
        options_(options),
        context_(context),
        ranks_(ranks),
        device_(device),
        folder_(options.out.empty() ? recipe.name : options.out, is_first()) {}

  void run() {
    model::VqTokenizer tokenizer = model::load_any_tokenizer(recipe_.tokenizer, std::nullopt, device_);
    const auto resume = begin(tokenizer);
    const TrainingData data = open_training_data(recipe_, tokenizer, folder_.tokens());
    const model::TrainConfig config = configuration(*tokenizer, data);
    model::TrainOptions how{.resume = resume,
                            .accept_other_settings = options_.accept_changes,
                            .micro_batch = recipe_.micro_batch,
                            .deterministic = recipe_.deterministic,
                            .ranks = &ranks_};
    if (!resume && recipe_.start) how.start = start();
    announce(config, data, resume);
    const auto result = train(config, *data.tokens, how);
    if (is_first()) finish(result);
  }

 private:
  bool is_first() const { return ranks_.rank() == 0; }

  // The first rank prepares the folder; all get the checkpoint to continue from.
  std::optional<std::filesystem::path> begin(model::VqTokenizer& tokenizer) {
    std::string checkpoint;
    if (is_first()) {
      const auto found = folder_.begin(identity_of(recipe_), options_.beginning(), options_.accept_changes);
      if (found) checkpoint = found->string();
      prepare_tokens(recipe_, tokenizer, folder_.tokens(), device_, context_.observer);
    }
    ranks_.patient_barrier();
    if (ranks_.size() > 1) checkpoint = model::text_of_rank_zero(ranks_, checkpoint);
    if (checkpoint.empty()) return std::nullopt;
    return checkpoint;
  }

  model::TrainConfig configuration(const model::VqTokenizerImpl& tokenizer, const TrainingData& data) const {
    const Json spec{
        {"kind", "recipe"},
        {"params", sweeps::model_params(recipe_.model, {recipe_.ratio, data.grid, data.classes, recipe_.seed})}};
    Params params(spec);
    model::TrainConfig config = read_train_params(params);
    config.model.codes = static_cast<int>(tokenizer.config().codes);
    config.model.code_dim = static_cast<int>(tokenizer.config().code_dim);
    if (recipe_.start) config.start = sha256_file(recipe_.start->from);
    return config;
  }

  model::TrainingStart start() const {
    auto loaded = model::load_any_model(recipe_.start->from, {.ema = recipe_.start->ema});
    for (const std::string& note : loaded.notes)
      context_.observer.log(model::LogLevel::info, note);
    model::TrainingStart start{.model = std::move(loaded.model), .moments = {}};
    if (recipe_.start->optimizer) continue_released(recipe_.start->from, start);
    return start;
  }

  void announce(const model::TrainConfig& config, const TrainingData& data,
                const std::optional<std::filesystem::path>& resume) const {
    context_.observer.log(
        model::LogLevel::info,
        fmt::format("{} parameters, {} images × {} crops, on {}{}", config.model.parameter_count(),
                    data.tokens->all_labels().size(0), data.tokens->crop_count(), model::describe_device(device_).name,
                    resume ? "; continues from " + resume->string() : ""));
  }

  model::TrainResult train(const model::TrainConfig& config, const model::TokenSource& tokens,
                           const model::TrainOptions& how) {
    if (!is_first()) return model::train_model(config, tokens, device_, context_.observer, how);
    TrainingObserver observer(context_.observer,
                              {.metrics = folder_.metrics(),
                               .checkpoint = folder_.checkpoint(),
                               .stream = context_.json ? &context_.out : nullptr},
                              std::chrono::duration<double>(60 * recipe_.checkpoint_minutes));
    try {
      return model::train_model(config, tokens, device_, observer, how);
    } catch (const Error& error) {
      if (error.code() == ErrorCode::cancelled)
        observer.log(model::LogLevel::info, std::string(error.what()) + "; the same command continues");
      throw;
    }
  }

  void finish(const model::TrainResult& result) {
    model::save_model(folder_.model(), result.model, result.average);
    const Json report{{"model", folder_.model().string()},
                      {"sha256", sha256_file(folder_.model())},
                      {"parameters", result.model.parameter_count()},
                      {"steps", result.steps},
                      {"epochs", result.epochs},
                      {"final_loss", result.final_loss},
                      {"images_per_second", result.images_per_second},
                      {"seconds", result.seconds},
                      {"overflows", result.overflows},
                      {"skipped_steps", result.skipped_steps},
                      {"moving_average", result.average.has_value()}};
    folder_.write_report(report);
    if (context_.json) {
      context_.out << Json{{"finished", report}}.dump() << "\n";
      return;
    }
    context_.out << fmt::format("{}: {} steps, {:.2f} epochs, loss {:.4f}, {:.0f} images/s\n", folder_.model().string(),
                                result.steps, result.epochs, result.final_loss, result.images_per_second);
    if (result.overflows + result.skipped_steps > 0)
      context_.out << fmt::format("left out: {} steps that overflowed in fp16, {} without finite numbers\n",
                                  result.overflows, result.skipped_steps);
  }

  const sweeps::RecipeDefinition& recipe_;
  const Options& options_;
  VerbContext& context_;
  model::Communicator& ranks_;
  c10::Device device_;
  TrainingFolder folder_;
};

class TrainVerb final : public ModelVerb {
 public:
  void configure(CLI::App& command) override {
    command.add_option("recipe", options_.recipe, "The recipe: a YAML file")->required();
    command.add_option("--set", options_.overrides, "Change a value of the recipe: path=value; may be repeated")
        ->allow_extra_args(false);
    command.add_option("--out", options_.out, "Folder of the run (default: the recipe's name)");
    command.add_option("--device", options_.device, "auto, cpu, cuda or cuda:N")->capture_default_str();
    auto* resume = command.add_flag("--resume", options_.resume, "Continue; an error where there is no checkpoint");
    command.add_flag("--restart", options_.restart, "Begin anew, whatever the folder holds")->excludes(resume);
    command.add_flag("--accept-changes", options_.accept_changes, "Continue although the recipe was changed");
    ranks_.configure(command);
  }

  void run(VerbContext& context) override {
    const auto recipe = read_recipe();
    // cuBLAS reads it when its first handle is made.
    if (recipe.deterministic) ::setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", 0);
    ranks_.run(context, options_.device, [&](model::Communicator& ranks, c10::Device device) {
      RecipeRun(recipe, options_, context, ranks, device).run();
    });
  }

 private:
  sweeps::RecipeDefinition read_recipe() const {
    const std::string text = SystemFiles().read(options_.recipe);
    try {
      return sweeps::parse_recipe(text, options_.recipe, options_.overrides);
    } catch (const sweeps::DefinitionError& error) {
      throw sweeps::DefinitionRefused(error, text);
    }
  }

  Options options_;
  RankedCommand ranks_;
};

}  // namespace

std::unique_ptr<ModelVerb> make_train_verb() {
  return std::make_unique<TrainVerb>();
}

}  // namespace checkerlab::worker
