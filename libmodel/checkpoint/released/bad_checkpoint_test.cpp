// What is said about released checkpoints that cannot be used.
#include <gtest/gtest.h>
#include <torch/types.h>

#include <cmath>

#include "base/files.hpp"
#include "base/testing/error_of.hpp"
#include "libmodel/checkpoint/released/load_any.hpp"
#include "libmodel/checkpoint/released/released_checkpoint.hpp"
#include "libmodel/checkpoint/testing/released_files.hpp"
#include "libmodel/checkpoint/testing/values.hpp"
#include "libmodel/checkpoint/torch_file/torch_file.hpp"
#include "libmodel/modules/testing/expect_error.hpp"

namespace checkerlab::model {
namespace {

namespace fs = std::filesystem;

class BadCheckpoint : public testing::Test {
 protected:
  TemporaryFolder folder;

  fs::path changed(const CheckpointChange& change, const std::string& case_name = "single") {
    return changed_checkpoint(case_name, folder.path(), change);
  }
  std::string message(const fs::path& file) {
    return error_of([&] { load_any_model(file); }).what();
  }
};

void unchanged(pickle::Document&, pickle::Dict&) {}

TEST_F(BadCheckpoint, AllTensorsThatDifferAreListedAtOnce) {
  const fs::path file = changed([](pickle::Document& document, pickle::Dict& root) {
    pickle::Dict& model = dict_at(root, "model");
    remove_entry(model, "empty_token_emb");
    remove_entry(model, "combine_inputs.bias");
    put_tensor(document, model, "embed_positions.weight", torch::zeros({341, 32}));
    put_tensor(document, model, "llama.layers.0.attention.wo.weight", torch::zeros({32, 16}));
    put_tensor(document, model, "surprise.weight", torch::zeros({5}));
  });
  const std::string text = message(file);
  for (const char* part :
       {"2 tensors missing: combine_inputs.bias [32], empty_token_emb [32]",
        "2 tensors of another shape: embed_positions.weight is [341, 32], not [64, 32]",
        "llama.layers.0.attention.wo.weight is [32, 16], not [32, 32]", "1 tensor not known: surprise.weight [5]"})
    EXPECT_NE(text.find(part), std::string::npos) << text;
  EXPECT_NE(text.find(file.string()), std::string::npos);
}

TEST_F(BadCheckpoint, AWrongConfigurationIsOneClearError) {
  const fs::path file = changed(unchanged);
  replace_in_file(folder.path() / "config.yaml", "hidden_size: 32", "hidden_size: 64");
  EXPECT_NE(message(file).find("does not fit the model that its configuration describes"), std::string::npos);
}

TEST_F(BadCheckpoint, AnotherArchitectureIsOneClearError) {
  const fs::path file = folder.path() / "resnet.pth";
  pickle::Document document;
  pickle::Dict root;
  put_tensor(document, root, "layer1.0.conv1.weight", torch::zeros({4, 4}));
  write_torch_file(file, pickle::Value{root});
  expect_error(ErrorCode::invalid_data, "holds neither a model nor a tokenizer", [&] { load_any_model(file); });
  expect_error(ErrorCode::invalid_data, "layer1.0.conv1.weight", [&] { load_any_tokenizer(file); });
}

TEST_F(BadCheckpoint, NaNWeightsAreNamed) {
  const fs::path file = changed([](pickle::Document& document, pickle::Dict& root) {
    at::Tensor norm = torch::ones({32});
    norm[3] = NAN;
    put_tensor(document, dict_at(root, "model"), "llama.norm.weight", norm);
  });
  expect_error(ErrorCode::not_finite, "NaN or infinite weights in llama.norm.weight", [&] { load_any_model(file); });
  EXPECT_NO_THROW(load_any_model(file, {.require_finite = false}));
}

TEST_F(BadCheckpoint, AMissingSourceProjectionIsAllowed) {
  const fs::path file = changed([](pickle::Document&, pickle::Dict& root) {
    remove_entry(dict_at(root, "model"), "src_latents_proj.weight");
    remove_entry(dict_at(root, "model"), "src_latents_proj.bias");
  });
  const LoadedModel loaded = load_any_model(file);
  EXPECT_FALSE(loaded.model.config.source_projection);
  EXPECT_FALSE(loaded.model.weights.source_weight.defined());
}

TEST_F(BadCheckpoint, TheHeadPerceptronMustBeThereWhenItIsConfigured) {
  const fs::path file = changed(unchanged);
  replace_in_file(folder.path() / "config.yaml", "use_head_mlp: false", "use_head_mlp: true");
  EXPECT_NE(message(file).find("5 tensors missing: head_mlp.net.0.weight [64, 8]"), std::string::npos) << message(file);
}

TEST_F(BadCheckpoint, AnOptimiserOfAnotherModelIsRefused) {
  const fs::path file = changed([](pickle::Document&, pickle::Dict& root) {
    auto& groups = the<pickle::List>(value_at(dict_at(root, "optimizer"), "param_groups")).items;
    the<pickle::List>(value_at(the<pickle::Dict>(*groups[0]), "params")).items.pop_back();
  });
  expect_error(ErrorCode::invalid_data,
               "optimiser's state does not fit the model: a group has 16 parameters, the model 17",
               [&] { read_released_checkpoint(file); });
  EXPECT_NO_THROW(load_any_model(file)) << "sampling needs no optimiser";
}

TEST_F(BadCheckpoint, WhatIsAskedForMustBeThere) {
  const fs::path file = changed(unchanged, "sqrt2");
  expect_error(ErrorCode::not_found, "holds no averaged weights", [&] { load_any_model(file, {.ema = true}); });
  fs::remove(folder.path() / "config.yaml");
  expect_error(ErrorCode::not_found, "config.yaml", [&] { load_any_model(file); });
  EXPECT_NO_THROW(load_any_model(file, {.config = golden_folder("sqrt2") / "config.yaml"}));
}

TEST_F(BadCheckpoint, ATokenizerWithOtherCodesIsRefused) {
  const fs::path file = changed([](pickle::Document& document, pickle::Dict& root) {
    pickle::Dict& model = dict_at(root, "model");
    put_tensor(document, model, "lm_head.weight", torch::zeros({64, 32}));
    put_tensor(document, model, "lm_head.bias", torch::zeros({64}));
  });
  EXPECT_NE(message(file).find("predicts 64 codes, its tokenizer has 128"), std::string::npos);
}

TEST_F(BadCheckpoint, ATokenizerThatIsNowhereIsNamed) {
  const fs::path file = changed([](pickle::Document&, pickle::Dict& root) {
    std::erase_if(dict_at(root, "model").items,
                  [](const auto& item) { return the<std::string>(*item.first).starts_with("autoenc."); });
  });
  expect_error(ErrorCode::not_found, "names ('autoenc.pt') is not there", [&] { load_any_model(file); });
  fs::copy_file(golden_folder("single") / "autoenc.pt", folder.path() / "autoenc.pt");
  EXPECT_EQ(load_any_model(file).notes.size(), 1U);
}

TEST_F(BadCheckpoint, AHostileShareOfStoragesIsRefused) {
  const fs::path file = folder.path() / "bomb.pth";
  pickle::Document document;
  pickle::Dict root;
  const pickle::TensorRecord record = pickle::record_of(torch::zeros({1 << 18}));
  for (int i = 0; i < 1000; ++i)
    put_entry(document, root, "tensor" + std::to_string(i), document.make(record));
  write_torch_file(file, pickle::Value{root});
  expect_error(ErrorCode::invalid_data, "far larger than its file", [&] { load_any_model(file); });
}

}  // namespace
}  // namespace checkerlab::model
