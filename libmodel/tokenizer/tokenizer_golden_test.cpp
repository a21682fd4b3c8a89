// The autoencoder against the released implementation's results; tolerances as measured between fp32 implementations.
#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <filesystem>

#include "libmodel/checkpoint/released/load_any.hpp"
#include "libmodel/checkpoint/safetensors.hpp"
#include "libmodel/image/tensor.hpp"
#include "libmodel/tokenizer/vq_tokenizer.hpp"

namespace checkerlab::model {
namespace {

using torch::indexing::None;
using torch::indexing::Slice;

class TokenizerGolden : public testing::TestWithParam<const char*> {
 protected:
  TokenizerGolden() {
    const auto folder = std::filesystem::path(CHECKERLAB_TEST_DATA) / "golden_model" / GetParam();
    tokenizer_ = load_any_tokenizer(folder / "checkpoint.pth");
    expected_ = read_safetensors(folder / "expected.safetensors");
    inputs_ = read_safetensors(folder / "inputs.safetensors");
    const auto sizes = expected("scale_sizes");
    for (std::int64_t i = 0; i < sizes.size(0); ++i)
      sides_.push_back(sizes[i].item<std::int64_t>());
  }

  const at::Tensor& expected(const std::string& name) const { return expected_.tensors.at(name); }

  // Images wider than 64 pixels are kept at every third row and column.
  static at::Tensor thinned(const at::Tensor& images) {
    return images.size(2) > 64 ? images.index({Slice(), Slice(), Slice(0, None, 3), Slice(0, None, 3)}) : images;
  }

  // Mean and standard deviation of each channel.
  static at::Tensor statistics(const at::Tensor& images) {
    const auto wide = images.to(torch::kFloat64).flatten(2);
    return torch::stack({wide.mean(2), wide.std(2, /*unbiased=*/false)}, 2);
  }

  static float difference(const at::Tensor& a, const at::Tensor& b) { return (a - b).abs().max().item<float>(); }

  torch::NoGradGuard no_grad_;
  VqTokenizer tokenizer_{nullptr};
  TensorFile expected_, inputs_;
  std::vector<std::int64_t> sides_;
};

TEST_P(TokenizerGolden, EncodesEveryScale) {
  const auto image = inputs_.tensors.at("image").to(torch::kFloat32);
  for (const auto side : sides_) {
    const auto suffix = std::to_string(side);
    const auto latents = tokenizer_->encode(resize_images(image, side * 16));
    EXPECT_LT(difference(latents, expected("encode.z." + suffix)), 2e-4F) << side;
    EXPECT_TRUE(torch::equal(tokenizer_->quantize(latents), expected("encode.tokens." + suffix))) << side;
    EXPECT_TRUE(torch::equal(tokenizer_->tokenize(image.slice(0, 0, 1), side),
                             expected("encode.tokens." + suffix).slice(0, 0, 1)))
        << side;
  }
}

TEST_P(TokenizerGolden, DecodesTokens) {
  const auto images = tokenizer_->decode(inputs_.tensors.at("tokens." + std::to_string(sides_.back())));
  EXPECT_LT(difference(thinned(images), expected("decode")), 2e-4F);
  EXPECT_LT(difference(statistics(images), expected("decode_stats")), 5e-5F);
}

// The smallest maps are ill-conditioned in these tiny tokenizers: a normalisation group holds one or two values.
TEST_P(TokenizerGolden, DecodesEveryScale) {
  for (const auto side : sides_) {
    const auto suffix = std::to_string(side);
    const auto images = tokenizer_->decode(expected("greedy.cfg1.5start0.P4.tokens." + suffix));
    const float tolerance = side == 1 ? 2e-2F : side == 2 ? 5e-3F : 2e-4F;
    EXPECT_LT(difference(thinned(images), expected("decoded." + suffix)), tolerance) << side;
    EXPECT_LT(difference(statistics(images), expected("decoded_stats." + suffix)), side == 1 ? 1e-3F : 5e-5F) << side;
  }
}

TEST_P(TokenizerGolden, WritesTheSamePixels) {
  const auto tokens = expected("greedy.cfg1.5start0.P4.tokens." + std::to_string(sides_.back())).slice(0, 0, 1);
  const auto pixels = to_pixels(tokenizer_->decode(tokens)).to(torch::kInt16);
  EXPECT_LE((pixels - expected("decoded_u8").to(torch::kInt16)).abs().max().item<int>(), 1);
}

INSTANTIATE_TEST_SUITE_P(Cases, TokenizerGolden, testing::Values("ratio2", "sqrt2", "single"),
                         [](const auto& test) { return std::string(test.param); });

}  // namespace
}  // namespace checkerlab::model
