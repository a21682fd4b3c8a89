// `checkerlab model retrain-codebook`: a new codebook for a tokenizer that must code small images too.
#include <nlohmann/json.hpp>

#include "libmodel/data/image_feed.hpp"
#include "libmodel/device.hpp"
#include "libmodel/tokenizer/codebook_retraining.hpp"
#include "libmodel/tokenizer/quality.hpp"
#include "worker/verbs/makers.hpp"
#include "worker/verbs/quality_table.hpp"
#include "worker/verbs/tokenizer_options.hpp"

namespace checkerlab::worker {
namespace {

// Passes everything on and takes a checkpoint every so many steps.
class CheckpointingObserver final : public model::NullObserver {
 public:
  CheckpointingObserver(model::Observer& inner, std::filesystem::path file, std::int64_t every)
      : inner_(inner), file_(std::move(file)), every_(every) {}

  void progress(std::int64_t done, std::int64_t total, std::string_view unit) override {
    done_ = done;
    inner_.progress(done, total, unit);
  }
  void curve(std::string_view series, std::int64_t step, double value) override { inner_.curve(series, step, value); }
  void log(model::LogLevel level, std::string_view text) override { inner_.log(level, text); }
  bool cancelled() const override { return inner_.cancelled(); }
  std::optional<std::filesystem::path> checkpoint_due() override {
    return every_ > 0 && done_ % every_ == 0 ? std::optional(file_) : std::nullopt;
  }

 private:
  model::Observer& inner_;
  std::filesystem::path file_;
  std::int64_t every_;
  std::int64_t done_ = 0;
};

class RetrainCodebookVerb final : public ModelVerb {
 public:
  void configure(CLI::App& command) override {
    options_.configure(command);
    command.add_option("--out", out_, "File for the tokenizer with its new codebook (safetensors)")->required();
    command.add_option("--steps", training_.steps, "Steps in all")->capture_default_str();
    command.add_option("--gather-steps", training_.gather_steps, "The first of them, which only gather statistics")
        ->capture_default_str();
    command.add_option("--redraw-every", training_.redraw_every, "Steps between two looks at unused codes")
        ->capture_default_str();
    command.add_option("--batch", training_.batch, "Images of a step")->capture_default_str();
    command.add_option("--lr", training_.lr, "Learning rate")->capture_default_str();
    command.add_option("--seed", training_.seed, "Seed of all draws")->capture_default_str();
    command
        .add_option("--mode", mode_,
                    "described (the recipe) or released (what the released configuration does in fact)")
        ->capture_default_str();
    command.add_option("--checkpoint-every", checkpoint_every_, "Steps between checkpoints (OUT.checkpoint); 0: none")
        ->capture_default_str();
    command.add_option("--resume", resume_, "Checkpoint to go on from");
    command.add_option("--measure", measure_, "Images that are coded before and after to compare; 0: none")
        ->capture_default_str();
  }

  void run(VerbContext& context) override {
    auto tokenizer = options_.load();
    const auto device = model::select_device(options_.device);
    training_.sides = options_.sides_or_pyramid(tokenizer->config());
    training_.mode = model::parse_retrain_mode(mode_);
    const auto feed = model::feed_from_files(options_.images,
                                             {.size = options_.image_size,
                                              .split = options_.split,
                                              .batch = training_.batch,
                                              .seed = training_.seed,
                                              .threads = options_.thread_count(),
                                              .max_corrupt = options_.max_corrupt},
                                             context.observer);
    tokenizer->to(device);
    const auto measured = measure_ > 0 ? model::first_images(*feed, measure_) : torch::Tensor();
    const auto before = quality(tokenizer, measured, device, context);
    CheckpointingObserver observer(context.observer, out_.string() + ".checkpoint", checkpoint_every_);
    const auto report = model::retrain_codebook(
        tokenizer, [&](std::int64_t step) { return feed->batch(step); }, training_, device, observer,
        resume_.empty() ? std::nullopt : std::optional(resume_));
    const auto after = quality(tokenizer, measured, device, context);
    tokenizer->to(torch::kCPU);
    model::write_tokenizer(out_, tokenizer);
    print(context, report, before, after);
  }

 private:
  std::optional<model::TokenizerQuality> quality(model::VqTokenizer& tokenizer, const torch::Tensor& images,
                                                 torch::Device device, VerbContext& context) const {
    if (!images.defined()) return std::nullopt;
    return model::tokenizer_quality(tokenizer, images, training_.sides, training_.batch, device, context.observer,
                                    nullptr, measure_);
  }

  void print(VerbContext& context, const model::RetrainReport& report,
             const std::optional<model::TokenizerQuality>& before,
             const std::optional<model::TokenizerQuality>& after) const {
    if (context.json) {
      nlohmann::json json{{"file", out_.string()},           {"mode", mode_},
                          {"final_loss", report.final_loss}, {"perplexity", report.perplexity},
                          {"redrawn", report.redrawn},       {"seconds", report.seconds}};
      if (before && after) json["quality"] = {{"before", quality_json(*before)}, {"after", quality_json(*after)}};
      context.out << json.dump() << "\n";
      return;
    }
    if (before && after) {
      context.out << "before\n";
      print_quality(context.out, *before);
      context.out << "after\n";
      print_quality(context.out, *after);
    }
    context.out << out_.string() << "\n";
  }

  TokenizerOptions options_;
  model::CodebookRetraining training_{.steps = 40'000, .batch = 32};
  std::string mode_ = "described";
  std::filesystem::path out_, resume_;
  std::int64_t checkpoint_every_ = 1000, measure_ = 128;
};

}  // namespace

std::unique_ptr<ModelVerb> make_retrain_codebook_verb() {
  return std::make_unique<RetrainCodebookVerb>();
}

}  // namespace checkerlab::worker
