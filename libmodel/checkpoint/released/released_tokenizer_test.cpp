#include "libmodel/checkpoint/released/released_tokenizer.hpp"

#include <gtest/gtest.h>
#include <torch/types.h>

#include "base/files.hpp"
#include "libmodel/checkpoint/released/load_any.hpp"
#include "libmodel/checkpoint/released/released_file.hpp"
#include "libmodel/checkpoint/testing/released_files.hpp"
#include "libmodel/checkpoint/torch_file/torch_file.hpp"
#include "libmodel/modules/testing/expect_error.hpp"

namespace checkerlab::model {
namespace {

namespace fs = std::filesystem;

class ReleasedTokenizerFile : public testing::Test {
 protected:
  TemporaryFolder folder;
  fs::path golden = golden_folder("single") / "autoenc.pt";
  StateDict state = open_released_file(golden).tokenizer();

  // The tensors in a file of their own, with some changed, under `key` or as they are.
  fs::path write(const std::string& key, const std::map<std::string, at::Tensor>& changes = {},
                 const std::string& left_out = "") {
    pickle::Document document;
    pickle::Dict dict;
    for (const std::string& name : state.names()) {
      if (name != left_out) dict.items.emplace_back(document.make(name), document.make(state.record(name)));
    }
    for (const auto& [name, tensor] : changes)
      put_tensor(document, dict, name, tensor);
    if (!key.empty()) {
      pickle::Dict outer;
      put_entry(document, outer, key, document.make(std::move(dict)));
      dict = std::move(outer);
    }
    write_torch_file(folder.path() / "tokenizer.pt", pickle::Value{dict});
    return folder.path() / "tokenizer.pt";
  }
};

TEST_F(ReleasedTokenizerFile, IsReadInAllItsForms) {
  const VqTokenizer expected = load_any_tokenizer(golden);
  for (const char* key : {"state_dict", "model", ""}) {
    const VqTokenizer read = load_any_tokenizer(write(key));
    EXPECT_TRUE(read->codes().equal(expected->codes())) << key;
    EXPECT_EQ(read->config(), expected->config());
  }
  const VqTokenizer inside = load_any_tokenizer(golden_folder("single") / "checkpoint.pth");
  EXPECT_TRUE(inside->codes().equal(expected->codes()));
}

TEST_F(ReleasedTokenizerFile, HasTheStructureOfItsTensors) {
  const TokenizerConfig config = tokenizer_structure(state, "test");
  EXPECT_EQ(config.channels, 32);
  EXPECT_EQ(config.multipliers, (std::vector<std::int64_t>{1, 1, 1, 1, 1}));
  EXPECT_EQ(config.res_blocks, 1);
  EXPECT_EQ(config.z_channels, 32);
  EXPECT_EQ(config.codes, 128);
  EXPECT_EQ(config.stride, 16);
}

TEST_F(ReleasedTokenizerFile, TakesAReTrainedCodebook) {
  const at::Tensor codebook = torch::randn({200, 8});
  VqTokenizer read = load_any_tokenizer(write("state_dict", {{kReleasedCodebook, codebook}}));
  EXPECT_EQ(read->config().codes, 200);
  EXPECT_TRUE(read->codebook().equal(codebook));
  VqTokenizer plain = load_any_tokenizer(write("model", {{"quantize.embedding.weight", codebook}}, kReleasedCodebook));
  EXPECT_TRUE(plain->codebook().equal(codebook));
}

TEST_F(ReleasedTokenizerFile, ListsAllTensorsThatDiffer) {
  const fs::path file = write("model", {{"quant_conv.bias", torch::zeros({3})}, {"loss.weight", torch::zeros({1})}},
                              "decoder.conv_in.bias");
  expect_error(ErrorCode::invalid_data, "1 tensor missing: decoder.conv_in.bias [32]",
               [&] { load_any_tokenizer(file); });
  expect_error(ErrorCode::invalid_data, "quant_conv.bias is [3], not [8]", [&] { load_any_tokenizer(file); });
  expect_error(ErrorCode::invalid_data, "1 tensor not known: loss.weight [1]", [&] { load_any_tokenizer(file); });
}

TEST_F(ReleasedTokenizerFile, MustFitItsConfiguration) {
  expect_error(ErrorCode::invalid_data, "multipliers is [1,1,1,1,2] there and [1,1,1,1,1] in the tensors",
               [&] { load_any_tokenizer(golden, golden_folder("ratio2") / "autoencoder_config.yaml"); });
}

TEST_F(ReleasedTokenizerFile, WillNotBuildMoreThanTheFileHolds) {
  const fs::path file =
      write("model", {{"encoder.conv_blocks.0.res.0.conv2.weight", torch::zeros({1 << 18, 1, 1, 1})}});
  expect_error(ErrorCode::invalid_data, "which is not square", [&] { load_any_tokenizer(file); });
}

}  // namespace
}  // namespace checkerlab::model
