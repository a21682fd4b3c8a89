// The golden models of tests/data/golden_model: tiny random models with the results that the reference implementation
// gives.
#pragma once

#include <torch/types.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "libmodel/testing/largest_difference.hpp"
#include "libmodel/transformer/forward.hpp"
#include "libmodel/transformer/model.hpp"

namespace checkerlab::model {

struct GoldenCase {
  std::string name;
  Model model;
  TensorFile expected;
  nlohmann::json train, fresh;

  explicit GoldenCase(const std::string& case_name);
  const torch::Tensor& at(const std::string& key) const;
  bool has(const std::string& key) const { return expected.tensors.contains(key); }
  TokenBatch batch() const;
  SequenceTables tables(std::int64_t steps_per_scale, bool remainder_joins = false) const;
};

// Loaded once.
const GoldenCase& golden_case(const std::string& name);

inline const std::vector<std::string> kGoldenCases{"ratio2", "sqrt2", "single"};

// A small model with random, not fresh, weights, so that every part matters.
Model small_model(const std::vector<int>& sizes, int codes = 32);
// The same for any configuration.
Model random_model(const ModelConfig& config);

}  // namespace checkerlab::model
