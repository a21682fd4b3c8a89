#include <gtest/gtest.h>
#include <torch/types.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "libmodel/order/scales.hpp"
#include "libmodel/transformer/testing/golden.hpp"

namespace checkerlab::model {
namespace {

ModelConfig published(int layers, int width, int hidden) {
  return {.sizes = scale_sizes(16, 2.0),
          .classes = 1000,
          .codes = 4096,
          .code_dim = 8,
          .layers = layers,
          .width = width,
          .heads = 16,
          .hidden = hidden,
          .mixing_layers = 2};
}

TEST(ModelConfig, publishedParameterCounts) {
  EXPECT_NEAR(static_cast<double>(published(12, 512, 1536).parameter_count()) / 1e6, 57.7, 0.05);
  EXPECT_NEAR(static_cast<double>(published(20, 1024, 3072).parameter_count()) / 1e6, 367.6, 0.05);
}

TEST(ModelConfig, survivesJson) {
  const ModelConfig config = published(12, 512, 1536);
  EXPECT_EQ(nlohmann::json(config).get<ModelConfig>(), config);
}

TEST(ModelConfig, optionalPartsAreWrittenOnlyWhereTheyDiffer) {
  ModelConfig config = published(2, 64, 128);
  const nlohmann::json plain = config;
  EXPECT_FALSE(plain.contains("source_projection") || plain.contains("head_mlp") || plain.contains("norm_epsilon"));
  config.source_projection = false;
  config.head_mlp = true;
  config.norm_epsilon = 1e-5;
  EXPECT_EQ(nlohmann::json(config).get<ModelConfig>(), config);
}

TEST(ModelConfig, optionalPartsHaveTheirParameters) {
  ModelConfig config = published(2, 64, 128);
  const std::int64_t plain = config.parameter_count();
  config.source_projection = false;
  EXPECT_EQ(config.parameter_count(), plain - 64 * 64 - 64);
  config.source_projection = config.head_mlp = true;
  EXPECT_EQ(config.parameter_count(), plain + 64 * 8 + 64 + 64 * 64 + 64 + 64 * 64);
  config.head_mlp = false;
  config.code_dim = 100;  // the perceptron's hidden layers are as wide as the codes where those are wider than 64
  EXPECT_EQ(config.parameter_count(),
            plain - (64 * 8 + 64 + 64 * 64 + 64 + 64 * 64) + 2 * (100 * 100 + 100) + 64 * 100);
}

TEST(ModelConfig, refusesWhatCannotBe) {
  const auto refused = [](auto change) {
    ModelConfig config = published(2, 64, 128);
    change(config);
    EXPECT_THROW(config.validate(), Error);
  };
  refused([](ModelConfig& c) { c.sizes = {}; });
  refused([](ModelConfig& c) { c.sizes = {4, 2}; });
  refused([](ModelConfig& c) { c.heads = 3; });
  refused([](ModelConfig& c) { c.heads = 64; });
  refused([](ModelConfig& c) { c.width = 35, c.heads = 5; });
  refused([](ModelConfig& c) { c.mixing_layers = -1; });
  refused([](ModelConfig& c) { c.norm_epsilon = 0; });
  refused([](ModelConfig& c) { c.codes = 40000; });
  auto json = nlohmann::json(published(2, 64, 128));
  json["depth"] = 3;
  EXPECT_THROW(json.get<ModelConfig>(), Error);
  json.erase("depth");
  json["head_mlp"] = "yes";
  EXPECT_THROW(json.get<ModelConfig>(), Error);
  json.erase("head_mlp");
  json["layers"] = "two";
  EXPECT_THROW(json.get<ModelConfig>(), Error);
}

TEST(Model, freshWeightsHaveTheReferencesShapesAndDeviations) {
  for (const std::string& name : kGoldenCases) {
    const GoldenCase& g = golden_case(name);
    ModelWeights weights = initial_weights(g.model.config, 5);
    std::size_t count = 0;
    visit_weights(g.model.config, weights, [&](const std::string& parameter, at::Tensor& tensor, const auto&) {
      ASSERT_TRUE(g.fresh.contains(parameter)) << parameter;
      ++count;
      const auto& expected = g.fresh[parameter];
      EXPECT_EQ(tensor.sizes().vec(), expected["shape"].get<std::vector<std::int64_t>>()) << parameter;
      const double deviation = expected["std"], slack = 6 / std::sqrt(static_cast<double>(tensor.numel()));
      EXPECT_NEAR(tensor.std(/*unbiased=*/false).item<double>(), deviation, deviation * slack + 1e-6) << parameter;
      EXPECT_NEAR(tensor.mean().item<double>(), expected["mean"].get<double>(), deviation * slack + 1e-6) << parameter;
    });
    EXPECT_EQ(count, g.fresh.size());
  }
}

TEST(Model, freshWeightsAreAFunctionOfTheSeed) {
  const auto codebook = torch::ones({16, 1});
  ModelConfig config = published(1, 32, 64);
  config.mixing_layers = 0;
  config.codes = 16;
  config.code_dim = 1;
  const auto weight = [&](std::uint64_t seed) { return fresh_model(config, codebook, seed).weights.layers[0].wqkv; };
  EXPECT_TRUE(torch::equal(weight(1), weight(1)));
  EXPECT_FALSE(torch::equal(weight(1), weight(2)));
}

TEST(Model, survivesItsFile) {
  const TemporaryFolder folder;
  const Model model = small_model({1, 2, 4});
  save_model(folder.path() / "model", model);
  const Model loaded = load_model(folder.path() / "model", torch::kCPU);
  EXPECT_EQ(loaded.config, model.config);
  EXPECT_TRUE(torch::equal(loaded.codebook, model.codebook));
  EXPECT_TRUE(torch::equal(loaded.weights.layers[1].w2, model.weights.layers[1].w2));
  EXPECT_TRUE(torch::equal(loaded.weights.mixing, model.weights.mixing));
  EXPECT_THROW(load_average(folder.path() / "model", torch::kCPU), Error);
}

TEST(Model, keepsTheMovingAverageBesideIt) {
  const TemporaryFolder folder;
  const Model model = small_model({1, 2, 4});
  Model average = model;
  average.weights.head_bias = model.weights.head_bias + 1;
  save_model(folder.path() / "model", model, average);
  const Model loaded = load_model(folder.path() / "model", torch::kCPU);
  const Model other = load_average(folder.path() / "model", torch::kCPU);
  EXPECT_TRUE(torch::equal(loaded.weights.head_bias, model.weights.head_bias));
  EXPECT_TRUE(torch::equal(other.weights.head_bias, average.weights.head_bias));
  EXPECT_TRUE(torch::equal(other.codebook, model.codebook));
}

TEST(Model, refusesBrokenFiles) {
  const TemporaryFolder folder;
  const auto where = folder.path() / "model";
  const auto refused = [&](auto change, ErrorCode code) {
    TensorFile file = to_tensor_file(small_model({1, 2}));
    change(file);
    write_safetensors(where, file);
    try {
      load_model(where, torch::kCPU);
      FAIL() << "was accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), code) << error.what();
    }
  };
  refused([](TensorFile& f) { f.tensors.erase("lm_head.bias"); }, ErrorCode::invalid_data);
  refused([](TensorFile& f) { f.tensors["lm_head.bias"] = torch::zeros({3}); }, ErrorCode::invalid_data);
  refused([](TensorFile& f) { f.metadata["kind"] = "tokens"; }, ErrorCode::invalid_data);
  refused([](TensorFile& f) { f.metadata["format_version"] = "9"; }, ErrorCode::version_mismatch);
  refused([](TensorFile& f) { f.metadata.erase("config"); }, ErrorCode::invalid_data);
  refused([](TensorFile& f) { f.metadata["config"] = "{"; }, ErrorCode::invalid_data);
  refused([](TensorFile& f) { f.tensors["codebook"] = torch::zeros({3, 4}); }, ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace checkerlab::model
