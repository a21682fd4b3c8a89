// The autoencoder against the released implementation's results; tolerances as measured between fp32 implementations.
#include <gtest/gtest.h>
#include <torch/torch.h>

#include <filesystem>

#include "libmodel/checkpoint/safetensors.hpp"
#include "libmodel/image/tensor.hpp"
#include "libmodel/tokenizer/vq_tokenizer.hpp"

namespace checkerlab::model {
namespace {

using torch::indexing::Slice;

class TokenizerGolden : public testing::Test {
 protected:
  static std::filesystem::path file(const char* name) {
    return std::filesystem::path(CHECKERLAB_TEST_DATA) / "golden_tokenizer" / name;
  }
  TokenizerGolden()
      : tokenizer_(read_tokenizer(file("ratio2.safetensors"))),
        expected_(read_safetensors(file("ratio2_expected.safetensors"))) {}

  const at::Tensor& expected(const std::string& name) const { return expected_.tensors.at(name); }
  static at::Tensor thinned(const at::Tensor& images) {
    return images.index({Slice(), Slice(), Slice(0, torch::indexing::None, 3), Slice(0, torch::indexing::None, 3)});
  }

  torch::NoGradGuard no_grad_;
  VqTokenizer tokenizer_;
  TensorFile expected_;
};

TEST_F(TokenizerGolden, EncodesEveryScale) {
  const auto image = expected("image").to(torch::kFloat32);
  for (const std::int64_t side : {1, 2, 4, 8, 16}) {
    const auto latents = tokenizer_->encode(resize_images(image, side * 16));
    EXPECT_LT((latents - expected("encode.z." + std::to_string(side))).abs().max().item<float>(), 2e-4F) << side;
    EXPECT_TRUE(torch::equal(tokenizer_->quantize(latents), expected("encode.tokens." + std::to_string(side)))) << side;
    EXPECT_TRUE(torch::equal(tokenizer_->tokenize(image, side), expected("encode.tokens." + std::to_string(side))));
  }
}

TEST_F(TokenizerGolden, DecodesTokens) {
  EXPECT_LT((thinned(tokenizer_->decode(expected("tokens"))) - expected("decode")).abs().max().item<float>(), 2e-4F);
  const auto small = tokenizer_->decode(expected("greedy.tokens.4"));
  EXPECT_LT((small - expected("decoded.4")).abs().max().item<float>(), 2e-4F);
}

TEST_F(TokenizerGolden, WritesTheSamePixels) {
  const auto images = thinned(tokenizer_->decode(expected("greedy.tokens.16")));
  const auto difference = to_pixels(images).to(torch::kInt16) - expected("decoded_u8").to(torch::kInt16);
  EXPECT_LE(difference.abs().max().item<int>(), 1);
}

}  // namespace
}  // namespace checkerlab::model
