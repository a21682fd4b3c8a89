// `checkerlab model export FILE --out DIR --format released|checkerlab|safetensors [--ema]`.
#include "libmodel/checkpoint/export.hpp"

#include <nlohmann/json.hpp>

#include "worker/verbs/makers.hpp"

namespace checkerlab::worker {
namespace {

std::optional<std::filesystem::path> path_or_nothing(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional<std::filesystem::path>(text);
}

class ExportVerb final : public ModelVerb {
 public:
  void configure(CLI::App& command) override {
    command.add_option("file", file_, "The model: a released .pth, a model or a training checkpoint of this program")
        ->required();
    command.add_option("--out", out_, "Folder that the files are written into")->required();
    command.add_option("--format", format_, "released, checkerlab or safetensors")->capture_default_str();
    command.add_flag("--ema", ema_, "Write the averaged weights in the place of the last ones, without training state");
    command.add_option("--config", config_, "config.yaml of a released checkpoint [the one beside it]");
    command.add_option("--tokenizer", tokenizer_, "The tokenizer, for model files that hold only its codebook");
    command.add_flag("--allow-not-finite", allow_not_finite_, "Write models with NaN or infinite weights too");
  }

  void run(VerbContext& context) override {
    const model::ExportOptions options{.format = model::export_format_from(format_),
                                       .ema = ema_,
                                       .config = path_or_nothing(config_),
                                       .tokenizer = path_or_nothing(tokenizer_),
                                       .require_finite = !allow_not_finite_};
    const model::Exported exported = model::export_model(file_, out_, options, context.observer);
    nlohmann::json files = nlohmann::json::array();
    for (const auto& file : exported.files) {
      files.push_back(file.string());
      if (!context.json) context.out << file.string() << "\n";
    }
    if (context.json) context.out << nlohmann::json{{"files", files}, {"notes", exported.notes}}.dump() << "\n";
    for (const std::string& note : exported.notes)
      context.err << "note: " << note << "\n";
  }

 private:
  std::string file_, out_, format_ = "released", config_, tokenizer_;
  bool ema_ = false, allow_not_finite_ = false;
};

}  // namespace

std::unique_ptr<ModelVerb> make_export_verb() {
  return std::make_unique<ExportVerb>();
}

}  // namespace checkerlab::worker
