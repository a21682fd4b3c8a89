#include <torch/types.h>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "libmodel/checkpoint/safetensors.hpp"
#include "libmodel/evaluation/ranges.hpp"
#include "libmodel/evaluation/score.hpp"
#include "libmodel/modules/artifact.hpp"

namespace checkerlab::model {

namespace {

constexpr const char* kKind = "shard";

void check(const EvaluationShard& shard, const std::filesystem::path& where) {
  const auto rows = shard.end - shard.begin;
  const auto width = shard.statistics.sum.dim() == 1 ? shard.statistics.width() : -1;
  const bool fits = rows > 0 && shard.begin >= 0 && shard.statistics.n == rows && shard.features.dim() == 2 &&
                    shard.features.size(0) == rows && shard.features.size(1) == width &&
                    shard.statistics.outer.sizes() == at::IntArrayRef({width, width}) &&
                    shard.log_probabilities.dim() == 2 && shard.log_probabilities.size(0) == rows &&
                    (!shard.spatial.defined() || (shard.spatial.dim() == 2 && shard.spatial.size(0) == rows));
  if (!fits) throw Error(ErrorCode::invalid_data, "the shard " + where.string() + " does not hold together");
}

}  // namespace

void write_shard(const std::filesystem::path& path, const EvaluationShard& shard) {
  check(shard, path);
  TensorFile file;
  file.tensors = {{"n", torch::tensor(shard.statistics.n, torch::kInt64)},
                  {"sum", shard.statistics.sum},
                  {"outer", shard.statistics.outer},
                  {"features", shard.features},
                  {"log_probabilities", shard.log_probabilities}};
  if (shard.spatial.defined()) file.tensors["spatial"] = shard.spatial;
  file.metadata = artifact_metadata(kKind, {{"begin", shard.begin}, {"end", shard.end}});
  write_safetensors(path, file);
}

EvaluationShard read_shard(const std::filesystem::path& path) {
  const auto file = read_safetensors(path);
  const auto config = artifact_config(file, kKind, path);
  EvaluationShard shard;
  shard.begin = config_value<std::int64_t>(config, "begin", path);
  shard.end = config_value<std::int64_t>(config, "end", path);
  shard.statistics = {shard.end - shard.begin, file.at("sum", path), file.at("outer", path)};
  shard.features = file.at("features", path);
  shard.log_probabilities = file.at("log_probabilities", path);
  if (file.tensors.contains("spatial")) shard.spatial = file.tensors.at("spatial");
  check(shard, path);
  return shard;
}

}  // namespace checkerlab::model
