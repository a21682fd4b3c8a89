#include "sweeps/placement.hpp"

#include <cmath>

namespace checkerlab::sweeps {
namespace {

using Json = nlohmann::json;

RankRange read_ranks(const Json& json) {
  if (json.is_number()) return {json.get<int>(), json.get<int>()};
  return {json.at("min").get<int>(), json.at("max").get<int>()};
}

PlacementDefinition read_placement(const Json& json) {
  PlacementDefinition placement;
  for (const std::string label : json.value("labels", Json::array())) {
    const auto equals = label.find('=');
    placement.labels[label.substr(0, equals)] = label.substr(equals + 1);
  }
  if (json.contains("memory_gib")) placement.memory_gib = json.at("memory_gib").get<double>();
  if (json.contains("time_limit_minutes")) placement.time_limit_minutes = json.at("time_limit_minutes").get<double>();
  if (json.contains("ranks")) placement.ranks = read_ranks(json.at("ranks"));
  return placement;
}

}  // namespace

bool runs_on_several(std::string_view kind) {
  return kind == "train_model" || kind == "noop";
}

PlacementDefinition SchedulingDefinition::placement_of(const std::string& kind) const {
  PlacementDefinition all = placement;
  const auto stage = stages.find(kind);
  if (stage == stages.end()) return all;
  for (const auto& [name, value] : stage->second.labels)
    all.labels[name] = value;
  if (stage->second.memory_gib) all.memory_gib = stage->second.memory_gib;
  if (stage->second.time_limit_minutes) all.time_limit_minutes = stage->second.time_limit_minutes;
  all.ranks = stage->second.ranks;
  return all;
}

SchedulingDefinition read_scheduling(const Json& definition) {
  SchedulingDefinition scheduling;
  if (definition.contains("priority")) scheduling.priority = definition.at("priority").get<int>();
  if (definition.contains("deadline")) scheduling.deadline = definition.at("deadline").get<std::string>();
  if (!definition.contains("placement")) return scheduling;
  const Json& placement = definition.at("placement");
  scheduling.placement = read_placement(placement);
  for (const Json& stage : placement.value("stages", Json::array()))
    scheduling.stages[stage.at("kind").get<std::string>()] = read_placement(stage);
  return scheduling;
}

Json placement_hint(const PlacementDefinition& placement) {
  constexpr double kGib = 1ULL << 30U;
  constexpr double kMinute = 60;
  Json hint;
  if (!placement.labels.empty()) hint["labels"] = placement.labels;
  if (placement.memory_gib) hint["memory_bytes"] = std::llround(*placement.memory_gib * kGib);
  if (placement.time_limit_minutes) hint["time_limit_seconds"] = std::llround(*placement.time_limit_minutes * kMinute);
  if (placement.ranks) hint["ranks"] = {{"min", placement.ranks->min}, {"max", placement.ranks->max}};
  return hint;
}

}  // namespace checkerlab::sweeps
