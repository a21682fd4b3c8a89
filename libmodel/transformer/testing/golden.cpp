#include "libmodel/transformer/testing/golden.hpp"

#include <fstream>
#include <map>
#include <memory>

#include "libmodel/checkpoint/released/load_any.hpp"
#include "libmodel/random/draws.hpp"

namespace checkerlab::model {
namespace {

nlohmann::json read_json(const std::string& file) {
  std::ifstream stream(file);
  return nlohmann::json::parse(stream);
}

}  // namespace

GoldenCase::GoldenCase(const std::string& case_name) : name(case_name) {
  const std::string folder = CHECKERLAB_TEST_DATA "/golden_model/" + name;
  model = load_any_model(folder + "/checkpoint.pth").model;
  expected = read_safetensors(folder + "/expected.safetensors");
  for (auto& [key, tensor] : read_safetensors(folder + "/inputs.safetensors").tensors) {
    expected.tensors["input." + key] = tensor;
  }
  train = read_json(folder + "/train.json");
  fresh = read_json(folder + "/fresh.json");
}

const torch::Tensor& GoldenCase::at(const std::string& key) const {
  return expected.at(key, name);
}

TokenBatch GoldenCase::batch() const {
  TokenBatch batch;
  for (const int side : model.config.sizes) {
    batch.tokens.push_back(at("input.tokens." + std::to_string(side)).flatten(1));
  }
  batch.sources = batch.tokens;
  batch.labels = at("input.labels");
  return batch;
}

SequenceTables GoldenCase::tables(std::int64_t steps_per_scale, bool remainder_joins) const {
  auto partitions = partitions_for_steps(model.config.sizes, steps_per_scale);
  for (BlockPartition& partition : partitions) {
    partition.remainder_joins = remainder_joins;
  }
  const ScaleLayout layout(model.config.sizes);
  return {layout, BlockLayout(layout, partitions), torch::kCPU};
}

const GoldenCase& golden_case(const std::string& name) {
  static std::map<std::string, std::unique_ptr<GoldenCase>> cases;
  auto& slot = cases[name];
  if (!slot) slot = std::make_unique<GoldenCase>(name);
  return *slot;
}

Model random_model(const ModelConfig& config) {
  const auto codebook = normal_tensor(3, RandomDomain::data, 0, {config.codes, config.code_dim});
  Model model = fresh_model(config, codebook / codebook.norm(2, {1}, true), 1);
  std::uint64_t stream = 0;
  visit_weights(config, model.weights,
                [&](const std::string&, at::Tensor& tensor, const std::vector<std::int64_t>& shape) {
                  tensor = tensor + 0.3 * normal_tensor(2, RandomDomain::data, stream++, shape);
                });
  return model;
}

Model small_model(const std::vector<int>& sizes, int codes) {
  return random_model({.sizes = sizes,
                       .classes = 5,
                       .codes = codes,
                       .code_dim = 4,
                       .layers = 2,
                       .width = 32,
                       .heads = 4,
                       .hidden = 48,
                       .mixing_layers = 1});
}

}  // namespace checkerlab::model
