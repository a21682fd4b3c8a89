#include "libmodel/modules/weights.hpp"

#include <gtest/gtest.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/normalization.h>
#include <torch/types.h>

#include <cmath>

#include "libmodel/modules/artifact.hpp"
#include "libmodel/modules/testing/expect_error.hpp"

namespace checkerlab::model {
namespace {

torch::nn::Sequential module() {
  return torch::nn::Sequential(torch::nn::Conv2d(4, 8, 3), torch::nn::GroupNorm(2, 8), torch::nn::Linear(8, 2));
}

TEST(ModuleWeights, StartFromTheSeedAlone) {
  auto a = module(), b = module(), c = module();
  initialise_module(*a, 5, RandomDomain::tokenizer);
  initialise_module(*b, 5, RandomDomain::tokenizer);
  initialise_module(*c, 6, RandomDomain::tokenizer);
  const auto weights = module_weights(*a);
  EXPECT_TRUE(torch::equal(weights.at("0.weight"), module_weights(*b).at("0.weight")));
  EXPECT_FALSE(torch::equal(weights.at("0.weight"), module_weights(*c).at("0.weight")));
  EXPECT_TRUE(torch::equal(weights.at("1.weight"), torch::ones({8})));
  const auto bound = static_cast<float>(1 / std::sqrt(4.0 * 9));
  EXPECT_LT(weights.at("0.weight").abs().max().item<float>(), bound);
  EXPECT_GT(weights.at("0.weight").abs().max().item<float>(), 0.9F * bound);
}

TEST(ModuleWeights, AreCopiedByName) {
  auto a = module(), b = module();
  TensorFile file;
  file.tensors = module_weights(*a, "p.");
  load_module_weights(*b, file, "x", "p.");
  EXPECT_TRUE(torch::equal(module_weights(*b).at("2.bias"), module_weights(*a).at("2.bias")));
  file.tensors.erase("p.2.bias");
  expect_error(ErrorCode::invalid_data, "2.bias", [&] { load_module_weights(*b, file, "x", "p."); });
}

TEST(Artifact, TellsWhatItIs) {
  TensorFile file;
  file.metadata = artifact_metadata("thing", {{"a", 1}});
  EXPECT_EQ(config_value<int>(artifact_config(file, "thing", "x"), "a", "x"), 1);
  expect_error(ErrorCode::invalid_data, "'thing'", [&] { artifact_config(file, "other", "x"); });
  expect_error(ErrorCode::invalid_data, "broken",
               [&] { config_value<int>(artifact_config(file, "thing", "x"), "b", "x"); });
  file.metadata["config"] = "[1";
  expect_error(ErrorCode::invalid_data, "broken", [&] { artifact_config(file, "thing", "x"); });
  file.metadata["format_version"] = "2";
  expect_error(ErrorCode::version_mismatch, "'2'", [&] { artifact_config(file, "thing", "x"); });
}

}  // namespace
}  // namespace checkerlab::model
