#include "cli/reproduce/data/jobs.hpp"

#include <filesystem>

namespace checkerlab::cli::reproduce {
namespace {

using Json = nlohmann::json;

// The hash that the usual name of the network's file ends with: pt_inception-2015-12-05-6726825d.pth.
constexpr const char* kInceptionHash = "6726825d";

template <typename Value>
Value value_or(const JobFacts& job, const char* name, Value other) {
  const Json value = job.value(name);
  return value.is_number() ? value.get<Value>() : other;
}

bool mentions(const JobFacts& job, const std::string& text) {
  return job.spec.dump().find(text) != std::string::npos || job.hints.dump().find(text) != std::string::npos ||
         job.result.dump().find(text) != std::string::npos;
}

std::string file_name(const JobFacts& job) {
  const auto path = job.hints.is_object() && job.hints.contains("path") ? job.hints.at("path") : Json();
  if (!path.is_string()) return "";
  const std::filesystem::path whole(path.get<std::string>());
  return (whole.has_filename() ? whole.filename() : whole.parent_path().filename()).string();
}

}  // namespace

Json JobFacts::value(const char* name) const {
  for (const auto& [document, part] : {std::pair(&spec, "params"), std::pair(&result, "metrics")}) {
    if (!document->is_object() || !document->contains(part)) continue;
    const Json& values = document->at(part);
    if (values.is_object() && values.contains(name)) return values.at(name);
  }
  return nullptr;
}

ModelShape shape_of(const JobFacts& model) {
  ModelShape shape{.layers = value_or(model, "layers", 0),
                   .width = value_or(model, "width", 0),
                   .heads = value_or(model, "heads", 0),
                   .hidden = value_or(model, "hidden", 0),
                   .mixing_layers = value_or(model, "mixing_layers", -1),
                   .epochs = std::nullopt,
                   .steps = std::nullopt};
  const Json epochs = model.value("epochs"), steps = model.value("steps");
  if (epochs.is_number()) shape.epochs = epochs.get<double>();
  if (steps.is_number()) shape.steps = steps.get<std::int64_t>();
  return shape;
}

ModelFacts facts_of(const JobFacts& model, const std::string& key) {
  ModelFacts facts{.key = key,
                   .trained = model.kind == "train_model",
                   .parameters = std::nullopt,
                   .images_per_second = std::nullopt,
                   .device = model.device,
                   .batch = value_or<std::int64_t>(model, "batch", 0)};
  const Json parameters = model.value("parameters"), rate = model.value("images_per_second");
  if (parameters.is_number()) facts.parameters = parameters.get<double>();
  if (rate.is_number() && rate.get<double>() > 0) facts.images_per_second = rate.get<double>();
  return facts;
}

std::string network_in_words(const JobFacts& network, const std::string& sha256) {
  if (network.kind == "train_metric_network") return "a metric network trained on the study's images";
  if (mentions(network, kInception) || sha256.starts_with(kInceptionHash)) return kInception;
  return sha256.empty() ? "an unknown network" : "network " + sha256.substr(0, 8);
}

std::string reference_in_words(const JobFacts& reference) {
  const Json split = reference.value("split");
  if (split.is_string()) return "the study's " + split.get<std::string>() + " images";
  const std::string name = file_name(reference);
  return name.empty() ? "another" : name;
}

void describe_dataset(const JobFacts& dataset, MeasuredUnder& under) {
  under.procedural = dataset.value("source") == "procedural";
  const std::string name = file_name(dataset);
  under.dataset = under.procedural ? "procedural shapes" : name.empty() ? "files" : name;
  under.image_size = value_or<std::int64_t>(dataset, "size", 0);
  if (under.classes == 0) under.classes = value_or<std::int64_t>(dataset, "classes", 0);
}

}  // namespace checkerlab::cli::reproduce
