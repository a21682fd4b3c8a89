// Which studies are planned while fuzzing: planning takes as long as the study is large, and small ones show the same.
#pragma once

#include <algorithm>
#include <cstdint>

#include "sweeps/definition.hpp"

namespace checkerlab::fuzz {

inline bool is_small(const sweeps::StudyDefinition& study) {
  constexpr std::size_t kMostPoints = 50;
  constexpr std::int64_t kMostShards = 20;
  const auto& sweep = study.sweep;
  const auto& evaluation = study.evaluation;
  const auto at_least_one = [](std::size_t count) { return std::max<std::size_t>(1, count); };
  const auto models = sweep.ratios.size() * at_least_one(sweep.mixing_layers.size());
  const auto points = models * at_least_one(sweep.steps_per_scale.size()) * at_least_one(sweep.guidance.size()) *
                      evaluation.seeds.size();
  const auto shards = evaluation.shard_size > 0 ? evaluation.samples / evaluation.shard_size : 0;
  return points <= kMostPoints && shards <= kMostShards;
}

}  // namespace checkerlab::fuzz
