#include "libmodel/tokenizer/quality.hpp"

#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include "libmodel/image/tensor.hpp"
#include "libmodel/modules/testing/expect_error.hpp"
#include "libmodel/testing/recording_observer.hpp"
#include "libmodel/tokenizer/reconstruction.hpp"

namespace checkerlab::model {
namespace {

class QualityTest : public testing::Test {
 protected:
  QualityTest() {
    torch::manual_seed(1);
    tokenizer_ = VqTokenizer(TokenizerConfig{.stride = 2,
                                             .channels = 8,
                                             .multipliers = {1, 2},
                                             .res_blocks = 1,
                                             .z_channels = 8,
                                             .attention = false,
                                             .codes = 16,
                                             .code_dim = 4,
                                             .groups = 2});
    tokenizer_->eval();
    images_ = torch::randint(256, {10, 8, 8, 3}, torch::kUInt8);
  }
  static torch::Tensor mean_colours(const torch::Tensor& pixels) {
    return pixels.to(torch::kFloat32).flatten(1, 2).mean(1);
  }
  VqTokenizer tokenizer_{nullptr};
  torch::Tensor images_;
  RecordingObserver observer_;
};

TEST_F(QualityTest, IsMeasuredScaleByScale) {
  const auto quality = tokenizer_quality(tokenizer_, images_, {4, 1}, 3, torch::kCPU, observer_, mean_colours);
  ASSERT_EQ(quality.scales.size(), 2u);
  EXPECT_EQ(quality.images, 10);
  EXPECT_EQ(quality.scales[0].side, 1);
  const torch::NoGradGuard no_grad;
  const auto originals = normalise_pixels(images_);
  const auto tokens = tokenizer_->tokenize(originals, 4);
  const auto error = (tokenizer_->decode(tokens).clamp(-1, 1) - originals).square().mean().item<double>();
  EXPECT_NEAR(quality.psnr, 10 * std::log10(4 / error), 1e-4);
  EXPECT_EQ(quality.psnr, quality.scales[1].psnr);
  const auto codes = tokenizer_->look_up(tokens);
  EXPECT_NEAR(quality.scales[1].quantisation_error,
              (codes - tokenizer_->encode(originals)).square().mean().item<double>(), 1e-6);
  EXPECT_GE(quality.codebook_use, quality.scales[1].codebook_use);
  EXPECT_LE(quality.scales[1].perplexity, 16 * quality.scales[1].codebook_use + 1e-9);
  EXPECT_GT(quality.rfid.value(), 0);
}

TEST_F(QualityTest, LeavesOutWhatIsNotAskedFor) {
  const auto quality = tokenizer_quality(tokenizer_, images_, {4}, 4, torch::kCPU, observer_, nullptr, 6);
  EXPECT_EQ(quality.images, 6);
  EXPECT_FALSE(quality.rfid);
  observer_.cancel_at = 0;
  expect_error(ErrorCode::cancelled, "",
               [&] { tokenizer_quality(tokenizer_, images_, {4}, 4, torch::kCPU, observer_); });
}

TEST_F(QualityTest, SheetsShowTheOriginalFirst) {
  const auto sheet = reconstruction_sheet(tokenizer_, images_.slice(0, 0, 3), {4, 2}, torch::kCPU);
  EXPECT_EQ(sheet.width, 3 * (64 + 2) + 2);
  EXPECT_EQ(sheet.height, 3 * (64 + 2) + 2);
  EXPECT_EQ(sheet.row(2)[2 * 3], images_[0][0][0][0].item<int>());
}

}  // namespace
}  // namespace checkerlab::model
