// `checkerlab model trace`: intermediates and results of a model by name, for comparisons with other implementations.
#include "libmodel/trace/trace.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "libmodel/trace/subject.hpp"
#include "worker/verbs/makers.hpp"

namespace checkerlab::worker {
namespace {

class TraceVerb final : public ModelVerb {
 public:
  void configure(CLI::App& command) override {
    command.add_option("--checkpoint", checkpoint_, "Checkpoint: .pth of the released code, or a model of ours")
        ->required();
    command.add_option("--config", config_, "Configuration of a released checkpoint (else config.yaml beside it)");
    command.add_option("--tokenizer", tokenizer_, "Tokenizer, where the checkpoint holds none");
    command.add_flag("--ema", ema_, "Take the averaged weights as the model");
    command.add_option("--inputs", inputs_, "safetensors with labels, tokens.S, image (all optional)")->required();
    command.add_option("--out", out_, "safetensors to write")->required();
    command.add_option("--device", device_, "auto, cpu, cuda or cuda:N")->capture_default_str();
    command.add_option("--precision", precision_, "fp32 or bf16")->capture_default_str();
    command.add_option("--only", only_, "Compute these names alone, e.g. logits.4,greedy.cfg1.5start5.P8.tokens.16")
        ->delimiter(',');
  }

  void run(VerbContext& context) override {
    const auto device = model::select_device(device_);
    const auto precision = model::precision_from_string(precision_);
    const auto inputs = model::read_safetensors(inputs_);
    auto loaded = model::load_trace_subject({.checkpoint = checkpoint_,
                                             .config = optional_path(config_),
                                             .tokenizer = optional_path(tokenizer_),
                                             .ema = ema_});
    auto result = model::trace_model(std::move(loaded.subject), inputs,
                                     {.only = only_, .device = device, .precision = precision}, context.observer);
    model::write_safetensors(out_, {.tensors = result.tensors, .metadata = {}});
    result.notes.insert(result.notes.begin(), loaded.notes.begin(), loaded.notes.end());
    report(context, result);
  }

 private:
  static std::optional<std::filesystem::path> optional_path(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional<std::filesystem::path>(text);
  }

  void report(const VerbContext& context, const model::TraceResult& result) const {
    if (context.json) {
      nlohmann::json names = nlohmann::json::object();
      for (const auto& [name, value] : result.tensors)
        names[name] = value.sizes().vec();
      context.out << nlohmann::json{{"file", out_}, {"quantities", names}, {"notes", result.notes}}.dump() << "\n";
      return;
    }
    for (const std::string& note : result.notes)
      context.err << "note: " << note << "\n";
    context.out << result.tensors.size() << " quantities in " << out_ << "\n";
  }

  std::string checkpoint_, config_, tokenizer_, inputs_, out_, device_ = "auto", precision_ = "fp32";
  std::vector<std::string> only_;
  bool ema_ = false;
};

}  // namespace

std::unique_ptr<ModelVerb> make_trace_verb() {
  return std::make_unique<TraceVerb>();
}

}  // namespace checkerlab::worker
