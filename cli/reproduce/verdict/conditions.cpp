#include "cli/reproduce/verdict/conditions.hpp"

#include <algorithm>
#include <cmath>

#include "base/text/number.hpp"
#include "cli/figure/from_api.hpp"
#include "sweeps/preset.hpp"

namespace checkerlab::cli::reproduce {
namespace {

using Reasons = std::vector<std::string>;

constexpr std::int64_t kPixelsPerToken = 16;  // of the paper's tokenizer

std::string instead(const std::string& what, const std::string& ours, const std::string& printed) {
  return what + " " + ours + " instead of " + printed;
}

void check_dataset(const sweeps::PublishedConditions& printed, const MeasuredUnder& ours, Reasons& reasons) {
  if (!ours.procedural && ours.classes == printed.classes && ours.image_size == printed.image_size) return;
  const auto described = [](const std::string& name, std::int64_t classes, std::int64_t size) {
    return name + " (" + grouped(classes) + " classes, " + std::to_string(size) + " px)";
  };
  reasons.push_back(instead("data set", described(ours.dataset, ours.classes, ours.image_size),
                            described(printed.dataset, printed.classes, printed.image_size)));
}

void check_evaluation(const sweeps::PublishedConditions& printed, const MeasuredUnder& ours, Reasons& reasons) {
  if (ours.network != printed.network) reasons.push_back(instead("network", ours.network, printed.network));
  if (ours.reference != printed.reference) reasons.push_back(instead("reference", ours.reference, printed.reference));
  if (ours.samples != printed.samples)
    reasons.push_back(instead("N =", grouped(ours.samples), grouped(printed.samples)));
}

std::string shape_text(const ModelShape& shape) {
  const std::string layers = std::to_string(shape.layers) + " layers";
  return shape.width == 0 ? layers : layers + " of width " + std::to_string(shape.width);
}

void check_shape(const sweeps::PublishedPoint& point, const ModelShape& ours, Reasons& reasons) {
  const ModelShape wanted = preset_shape(point.model);
  const auto other = [](int mine, int published) { return mine != 0 && mine != published; };
  if (ours.layers != wanted.layers || other(ours.width, wanted.width) || other(ours.heads, wanted.heads) ||
      other(ours.hidden, wanted.hidden))
    reasons.push_back(instead("model of", shape_text(ours), shape_text(wanted)));
  const auto mixing = point.mixing_layers.value_or(wanted.mixing_layers);
  if (ours.mixing_layers != mixing)
    reasons.push_back(instead("mixing in",
                              ours.mixing_layers < 0 ? "unknown layers" : std::to_string(ours.mixing_layers),
                              std::to_string(mixing) + " layers"));
}

void check_training(const sweeps::PublishedPoint& point, const ModelShape& ours, Reasons& reasons) {
  const ModelShape wanted = preset_shape(point.model);
  if (!ours.epochs && !ours.steps) return;
  if (ours.epochs && wanted.epochs && *ours.epochs == *wanted.epochs) return;
  const std::string trained =
      ours.epochs ? compact(*ours.epochs) + " epochs" : grouped(*ours.steps) + " training steps";
  reasons.push_back(instead("trained for", trained, compact(wanted.epochs.value_or(0)) + " epochs"));
}

void check_sampling(const sweeps::PublishedPoint& point, const MeasuredUnder& ours, Reasons& reasons) {
  if (point.ratio && *point.ratio != ours.ratio)
    reasons.push_back(instead("ratio", figure::ratio_label(ours.ratio), figure::ratio_label(*point.ratio)));
  if (point.steps_per_scale && *point.steps_per_scale != ours.steps_per_scale)
    reasons.push_back(
        instead("steps per scale", std::to_string(ours.steps_per_scale), std::to_string(*point.steps_per_scale)));
  if (point.guidance && std::abs(*point.guidance - ours.guidance) > 1e-9)
    reasons.push_back(instead("guidance", compact(ours.guidance), compact(*point.guidance)));
  if (point.guidance_start_step && ours.guidance != 0 && *point.guidance_start_step != ours.guidance_start_step)
    reasons.push_back(instead("guidance from step", std::to_string(ours.guidance_start_step),
                              std::to_string(*point.guidance_start_step)));
}

void check_time(const sweeps::PublishedConditions& printed, const MeasuredUnder& ours, Reasons& reasons) {
  if (ours.device.find(printed.device) == std::string::npos)
    reasons.push_back(instead("device", ours.device.empty() ? "unknown" : ours.device, printed.device));
  if (ours.batch != printed.batch)
    reasons.push_back(instead("batch of", std::to_string(ours.batch), std::to_string(printed.batch)));
}

void check_grid(const sweeps::PublishedConditions& printed, const MeasuredUnder& ours, Reasons& reasons) {
  const auto wanted = printed.image_size / kPixelsPerToken;
  const auto text = [](std::int64_t side) { return std::to_string(side) + "×" + std::to_string(side); };
  if (ours.grid != wanted) reasons.push_back(instead("token grid", text(ours.grid), text(wanted)));
}

}  // namespace

ModelShape preset_shape(const std::string& preset) {
  const auto model = sweeps::preset(preset).at("model");
  ModelShape shape{.layers = model.at("layers"),
                   .width = model.at("width"),
                   .heads = model.at("heads"),
                   .hidden = model.at("hidden"),
                   .mixing_layers = model.at("mixing_layers"),
                   .epochs = std::nullopt,
                   .steps = std::nullopt};
  const auto& train = model.at("train");
  if (train.contains("epochs")) shape.epochs = train.at("epochs").get<double>();
  if (train.contains("steps")) shape.steps = train.at("steps").get<std::int64_t>();
  return shape;
}

std::vector<std::string> differing_conditions(const std::string& metric, const sweeps::PublishedConditions& printed,
                                              const std::optional<sweeps::PublishedPoint>& point,
                                              const MeasuredUnder& ours) {
  Reasons reasons;
  if (metric == "steps") {
    check_grid(printed, ours, reasons);
    if (point)
      check_sampling({.model = point->model, .ratio = point->ratio, .steps_per_scale = point->steps_per_scale}, ours,
                     reasons);
    return reasons;
  }
  if (metric == "params_millions") {
    if (ours.classes != printed.classes)
      reasons.push_back(instead("classes", grouped(ours.classes), grouped(printed.classes)));
    if (point) check_shape(*point, ours.model, reasons);
    return reasons;
  }
  if (metric == "seconds" || metric == "seconds_per_batch") {
    check_time(printed, ours, reasons);
    check_grid(printed, ours, reasons);
    if (point) check_shape(*point, ours.model, reasons);
    return reasons;
  }
  check_dataset(printed, ours, reasons);
  check_evaluation(printed, ours, reasons);
  if (!point) return reasons;
  check_shape(*point, ours.model, reasons);
  check_training(*point, ours.model, reasons);
  check_sampling(*point, ours, reasons);
  return reasons;
}

}  // namespace checkerlab::cli::reproduce
