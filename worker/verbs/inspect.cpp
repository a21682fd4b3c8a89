// `checkerlab model inspect FILE`.
#include "libmodel/checkpoint/inspect.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "worker/verbs/makers.hpp"

namespace checkerlab::worker {
namespace {

void print_training(std::ostream& out, const nlohmann::json& training) {
  for (const auto& [key, value] : training.items()) {
    if (key == "args") continue;  // many lines; --json has them
    out << fmt::format("  {:<20} {}\n", key, value.is_string() ? value.get<std::string>() : value.dump());
  }
}

void print(std::ostream& out, const model::FileDescription& found) {
  out << fmt::format("{}\n  {} ({}, {}), {:.1f} MB\n  sha256 {}\n", found.path.string(), found.kind, found.source,
                     found.format, static_cast<double>(found.bytes) / 1e6, found.sha256);
  if (!found.config.is_null()) out << "structure\n  " << found.config.dump() << "\n";
  out << "parts\n";
  for (const model::FilePart& part : found.parts)
    out << fmt::format("  {:<24} {:>4} tensors {:>14} numbers\n", part.name, part.tensors, part.numbers);
  if (found.trainable > 0)
    out << fmt::format("  {:<24} {:>27} ({:.1f} M)\n", "trainable parameters", found.trainable,
                       static_cast<double>(found.trainable) / 1e6);
  if (!found.training.is_null()) {
    out << "training\n";
    print_training(out, found.training);
  }
}

class InspectVerb final : public ModelVerb {
 public:
  void configure(CLI::App& command) override {
    command.add_option("file", file_, "A checkpoint, model or tokenizer: .pth, .pt or .safetensors")->required();
    command.add_option("--config", config_, "config.yaml of a released checkpoint [the one beside it]");
  }

  void run(VerbContext& context) override {
    const auto config = config_.empty() ? std::nullopt : std::optional<std::filesystem::path>(config_);
    const model::FileDescription found = model::inspect_file(file_, config, context.observer);
    if (context.json) {
      context.out << to_json_object(found).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << "\n";
    } else {
      print(context.out, found);
    }
    for (const std::string& note : found.notes)
      context.err << "note: " << note << "\n";
  }

 private:
  std::string file_, config_;
};

}  // namespace

std::unique_ptr<ModelVerb> make_inspect_verb() {
  return std::make_unique<InspectVerb>();
}

}  // namespace checkerlab::worker
