// `checkerlab model entropy`: how uncertain a model is in each step of sampling (Figure 6 of the paper).
#include <ATen/ops/arange.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/plot/line_chart.hpp"
#include "libmodel/checkpoint/released/load_any.hpp"
#include "libmodel/sampling/entropy_profile.hpp"
#include "worker/verbs/makers.hpp"

namespace checkerlab::worker {
namespace {

using Json = nlohmann::json;
constexpr std::int64_t kMostSamples = 100'000;

std::string csv_of(const std::vector<model::EntropyStep>& steps) {
  std::string text = "step,side,tokens,mean,lower_quartile,median,upper_quartile\n";
  for (const auto& step : steps)
    text += fmt::format("{},{},{},{},{},{},{}\n", step.step, step.side, step.tokens, step.mean, step.lower_quartile,
                        step.median, step.upper_quartile);
  return text;
}

// A mark stands where each scale begins.
plot::LineChart chart_of(const std::vector<model::EntropyStep>& steps, const std::string& subtitle) {
  plot::LineChart chart{.title = "Entropy of the predicted tokens by sampling step",
                        .subtitle = subtitle,
                        .x_name = "step",
                        .y_name = "entropy in nats: mean, quartiles shaded",
                        .series = {{.label = "mean", .x = {}, .y = {}, .low = {}, .high = {}}},
                        .marks = {}};
  auto& line = chart.series.front();
  std::int64_t side = 0;
  for (const auto& step : steps) {
    const auto x = static_cast<double>(step.step);
    if (step.side != side) chart.marks.push_back({x, fmt::format("{0}×{0}", step.side)});
    side = step.side;
    line.x.push_back(x);
    line.y.push_back(step.mean);
    line.low.push_back(step.lower_quartile);
    line.high.push_back(step.upper_quartile);
  }
  return chart;
}

class EntropyVerb final : public ModelVerb {
 public:
  void configure(CLI::App& command) override {
    command.add_option("--checkpoint", checkpoint_, "Checkpoint: .pth of the released code, or a model of ours")
        ->required();
    command.add_option("--config", config_, "Configuration of a released checkpoint (else config.yaml beside it)");
    command.add_flag("--ema", ema_, "Use the averaged weights");
    command.add_option("--count", count_, "Samples, classes in turn")
        ->check(CLI::Range(std::int64_t{1}, kMostSamples))
        ->capture_default_str();
    command.add_option("--steps-per-scale", settings_.steps_per_scale, "Steps in every scale")->capture_default_str();
    command.add_option("--guidance", settings_.guidance, "As in the paper: 0 is none")->capture_default_str();
    command.add_option("--guidance-start", settings_.guidance_start_step, "Steps without guidance at the start")
        ->capture_default_str();
    command.add_option("--seed", settings_.seed, "Seed of the draws")->capture_default_str();
    command.add_option("--batch", batch_, "Samples at once; changes no result")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command.add_option("--device", device_, "auto, cpu, cuda or cuda:N")->capture_default_str();
    command.add_option("--precision", precision_, "fp32 or bf16")->capture_default_str();
    command.add_option("--out", out_, "Folder for entropy.csv and entropy.svg")->required();
  }

  void run(VerbContext& context) override {
    const auto device = model::select_device(device_);
    std::optional<std::filesystem::path> config;
    if (!config_.empty()) config = config_;
    const auto loaded = model::load_any_model(checkpoint_, {.config = config, .ema = ema_, .device = device});
    model::Sampler sampler(loaded.model, device, model::precision_from_string(precision_));
    const auto steps = profile(sampler, context.observer).steps();
    write(steps);
    report(context, steps);
  }

 private:
  model::EntropyProfile profile(model::Sampler& sampler, model::Observer& observer) {
    settings_.record_entropy = true;
    model::EntropyProfile gathered;
    while (gathered.samples() < count_) {
      observer.progress(gathered.samples(), count_, "samples");
      const std::int64_t begin = gathered.samples(), some = std::min(batch_, count_ - begin);
      gathered.add(sampler.sample(model::round_robin_labels(begin, some, sampler.config().classes),
                                  at::arange(begin, begin + some, at::kLong), settings_, observer));
    }
    return gathered;
  }

  void write(const std::vector<model::EntropyStep>& steps) const {
    const std::filesystem::path folder = out_;
    std::error_code failure;
    std::filesystem::create_directories(folder, failure);
    if (failure) throw errno_error(failure.value(), "make the folder " + folder.string());
    SystemFiles files;
    files.write_atomic(folder / "entropy.csv", csv_of(steps), 0644);
    const std::string subtitle = fmt::format("{} samples, {} steps per scale, guidance {:g}", count_,
                                             settings_.steps_per_scale, settings_.guidance);
    files.write_atomic(folder / "entropy.svg", plot::line_chart_svg(chart_of(steps, subtitle)), 0644);
  }

  void report(const VerbContext& context, const std::vector<model::EntropyStep>& steps) const {
    if (!context.json) {
      context.out << csv_of(steps);
      return;
    }
    Json list = Json::array();
    for (const auto& step : steps)
      list.push_back({{"step", step.step},
                      {"side", step.side},
                      {"tokens", step.tokens},
                      {"mean", step.mean},
                      {"lower_quartile", step.lower_quartile},
                      {"median", step.median},
                      {"upper_quartile", step.upper_quartile}});
    context.out << Json{{"samples", count_}, {"steps", list}}.dump() << "\n";
  }

  std::string checkpoint_, config_, out_, device_ = "auto", precision_ = "fp32";
  model::SamplingSettings settings_{.steps_per_scale = 4};
  std::int64_t count_ = 1000, batch_ = 100;
  bool ema_ = false;
};

}  // namespace

std::unique_ptr<ModelVerb> make_entropy_verb() {
  return std::make_unique<EntropyVerb>();
}

}  // namespace checkerlab::worker
