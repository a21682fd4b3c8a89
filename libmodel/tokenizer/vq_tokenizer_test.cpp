#include "libmodel/tokenizer/vq_tokenizer.hpp"

#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "libmodel/checkpoint/safetensors.hpp"
#include "libmodel/modules/testing/expect_error.hpp"
#include "libmodel/tokenizer/codebook_training.hpp"

namespace checkerlab::model {
namespace {

nlohmann::json small_config() {
  return {{"stride", 2},       {"channels", 8}, {"multipliers", {1, 2}}, {"res_blocks", 1}, {"z_channels", 8},
          {"attention", true}, {"codes", 16},   {"code_dim", 4},         {"steps", 100},    {"lr", 1e-3}};
}

VqTokenizer small_tokenizer() {
  return VqTokenizer(tokenizer_config_from_json(small_config()));
}

TEST(TokenizerConfig, ReadsAJobsParameters) {
  const auto config = tokenizer_config_from_json(small_config());
  EXPECT_EQ(config.groups, 2);
  EXPECT_EQ(config.level_width(1), 16);
  EXPECT_EQ(tokenizer_config_from_json(to_json_object(config)), config);
  EXPECT_EQ(groups_for_width(128), 32);
}

TEST(TokenizerConfig, RefusesWhatCannotBe) {
  const auto with = [](const std::string& key, const nlohmann::json& value) {
    return [key, value] {
      auto config = small_config();
      config[key] = value;
      tokenizer_config_from_json(config);
    };
  };
  expect_error(ErrorCode::invalid_argument, "stride", with("stride", 4));
  expect_error(ErrorCode::invalid_argument, "multiple of 4", with("channels", 6));
  expect_error(ErrorCode::invalid_argument, "codes", with("codes", 100000));
  expect_error(ErrorCode::invalid_argument, "groups", with("groups", 5));
  expect_error(ErrorCode::invalid_argument, "code_dim", with("code_dim", "eight"));
}

TEST(VqTokenizer, HasThePublishedSize) {
  const VqTokenizer published(TokenizerConfig{.multipliers = {1, 1, 2, 2, 4}});
  std::int64_t parameters = 0, attention = 0;
  for (const auto& parameter : published->named_parameters()) {
    parameters += parameter.value().numel();
    attention += parameter.key().ends_with("attn.0.q.weight") || parameter.key().ends_with("mid.1.q.weight");
  }
  EXPECT_NEAR(static_cast<double>(parameters), 71.8e6, 0.1e6);
  // At the deepest level and in the middle, of the encoder and of the decoder.
  EXPECT_EQ(attention, 4);
  EXPECT_EQ(published->config().groups, 32);
}

TEST(VqTokenizer, HasTheShapesItSays) {
  const torch::NoGradGuard no_grad;
  auto tokenizer = small_tokenizer();
  const auto latents = tokenizer->encode(torch::rand({3, 3, 12, 12}));
  EXPECT_EQ(latents.sizes(), (at::IntArrayRef{3, 4, 6, 6}));
  EXPECT_TRUE(torch::allclose(latents.norm(2, 1), torch::ones({3, 6, 6})));
  const auto tokens = tokenizer->quantize(latents);
  EXPECT_EQ(tokens.sizes(), (at::IntArrayRef{3, 6, 6}));
  EXPECT_EQ(tokenizer->decode(tokens).sizes(), (at::IntArrayRef{3, 3, 12, 12}));
  EXPECT_EQ(tokenizer->tokenize(torch::rand({2, 3, 12, 12}), 1).sizes(), (at::IntArrayRef{2, 1, 1}));
}

TEST(VqTokenizer, PicksTheNearestCode) {
  const torch::NoGradGuard no_grad;
  auto tokenizer = small_tokenizer();
  const auto latents = tokenizer->encode(torch::rand({2, 3, 8, 8}));
  const auto rows = latents.permute({0, 2, 3, 1}).reshape({-1, 4});
  const auto expected = torch::cdist(rows, tokenizer->codes()).argmin(1).reshape({2, 4, 4});
  EXPECT_TRUE(torch::equal(tokenizer->quantize(latents), expected));
  const auto all = torch::arange(16).reshape({1, 4, 4});
  EXPECT_TRUE(torch::equal(tokenizer->quantize(tokenizer->look_up(all)), all));
}

TEST(VqTokenizer, GoesThroughAFile) {
  const torch::NoGradGuard no_grad;
  const TemporaryFolder folder;
  const auto path = folder.path() / "t.safetensors";
  auto tokenizer = small_tokenizer();
  write_tokenizer(path, tokenizer);
  auto again = read_tokenizer(path);
  const auto image = torch::rand({1, 3, 8, 8});
  EXPECT_TRUE(torch::equal(again->encode(image), tokenizer->encode(image)));
  EXPECT_TRUE(torch::equal(again->codes(), tokenizer->codes()));
}

TEST(VqTokenizer, RefusesFilesThatDoNotFit) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "t.safetensors";
  write_tokenizer(path, small_tokenizer());
  auto file = read_safetensors(path);
  file.tensors["more"] = torch::zeros({1});
  write_safetensors(path, file);
  expect_error(ErrorCode::invalid_data, "more", [&] { read_tokenizer(path); });
  file.tensors.erase("more");
  file.tensors["codebook"] = torch::zeros({3, 4});
  write_safetensors(path, file);
  expect_error(ErrorCode::invalid_data, "codebook", [&] { read_tokenizer(path); });
  file.metadata["kind"] = "dataset";
  write_safetensors(path, file);
  expect_error(ErrorCode::invalid_data, "not a tokenizer", [&] { read_tokenizer(path); });
}

TEST(Codebook, KMeansFindsTheCentres) {
  const auto centres = torch::eye(4);
  const auto noise = torch::randn({400, 4}) * 0.05;
  auto vectors = centres.repeat({100, 1}) + noise;
  vectors = vectors / vectors.norm(2, 1, true);
  const auto means = spherical_k_means(vectors, 8, 10, 1, 2);
  EXPECT_EQ(means.sizes(), (at::IntArrayRef{8, 4}));
  EXPECT_GT(vectors.matmul(means.t()).amax(1).min().item<float>(), 0.95F);
  EXPECT_TRUE(torch::equal(means, spherical_k_means(vectors, 8, 10, 1, 2)));
}

TEST(Codebook, FindsCodesThatNothingUses) {
  CodeUse use(torch::zeros({4}, torch::kInt64));
  for (int step = 0; step < 5; ++step)
    use.note(torch::tensor({{0, 2}}, torch::kInt64));
  EXPECT_TRUE(torch::equal(use.take_dead(4), torch::tensor({1, 3}, torch::kInt64)));
  EXPECT_EQ(use.take_dead(4).size(0), 0);
}

}  // namespace
}  // namespace checkerlab::model
