// For tests: the golden features and scores.
#pragma once

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "libmodel/checkpoint/safetensors.hpp"
#include "libmodel/evaluation/metrics/collector.hpp"

namespace checkerlab::model {

class GoldenScores {
 public:
  GoldenScores()
      : statistics_(read("golden_statistics/features.safetensors")),
        features_(read("golden_scores/features.safetensors")),
        expected_(read("golden_scores/expected.safetensors")),
        sums_(read("golden_statistics/expected.safetensors")) {
    std::ifstream stream(path("golden_scores/expected.json"));
    scores = nlohmann::json::parse(stream);
    std::ifstream shards(path("golden_statistics/expected.json"));
    shard_sizes = nlohmann::json::parse(shards).at("shards").at("sizes").get<std::vector<std::int64_t>>();
  }

  static std::filesystem::path path(const std::string& name) {
    return std::filesystem::path(CHECKERLAB_TEST_DATA) / name;
  }
  const at::Tensor& features(const std::string& name) const {
    const auto found = features_.tensors.find(name);
    return found == features_.tensors.end() ? statistics_.tensors.at(name) : found->second;
  }
  const at::Tensor& expected(const std::string& name) const { return expected_.tensors.at(name); }
  const at::Tensor& sums(const std::string& name) const { return sums_.tensors.at(name); }

  // In `blocks` blocks, from pieces of `piece` rows.
  static FeatureSummary summary(const at::Tensor& rows, std::int64_t blocks = 1, std::int64_t piece = 97) {
    FeatureCollector collector(rows.size(0), blocks, {.pool = true}, "the features", at::kCPU);
    for (std::int64_t begin = 0; begin < rows.size(0); begin += piece)
      collector.add(begin,
                    {.pool = rows.slice(0, begin, std::min(begin + piece, rows.size(0))), .spatial = {}, .logits = {}});
    return *collector.finish().pool;
  }

  nlohmann::json scores;
  std::vector<std::int64_t> shard_sizes;

 private:
  static TensorFile read(const std::string& name) { return read_safetensors(path(name)); }

  TensorFile statistics_, features_, expected_, sums_;
};

}  // namespace checkerlab::model
