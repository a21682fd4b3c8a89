#include "libmodel/evaluation/set_features.hpp"

#include <gtest/gtest.h>
#include <torch/types.h>

#include "base/files.hpp"
#include "base/sha256.hpp"
#include "libmodel/data/testing/image_tree.hpp"
#include "libmodel/evaluation/testing/mean_colours.hpp"
#include "libmodel/modules/testing/expect_error.hpp"
#include "libmodel/testing/recording_observer.hpp"

namespace checkerlab::model {
namespace {

namespace fs = std::filesystem;

class SetFeaturesTest : public testing::Test {
 protected:
  SetFeaturesTest() {
    for (std::int64_t i = 0; i < 9; ++i)
      put_file(tree_ / (std::to_string(i) + ".png"), shape_png(i));
  }

  // The pool features of all images.
  at::Tensor pool(FeatureNetwork& network, const ImageSetOptions& options) {
    std::vector<at::Tensor> parts;
    const auto set = open_image_set(tree_, observer_);
    pass_ = compute_set_features(*set, network, options, observer_,
                                 [&](const NetworkFeatures& features) { parts.push_back(features.pool); });
    return torch::cat(parts);
  }

  RecordingObserver observer_;
  TemporaryFolder folder_;
  fs::path tree_ = folder_.path() / "tree";
  SetPass pass_;
};

TEST_F(SetFeaturesTest, AreThoseOfTheImagesInOrderWhateverTheBatch) {
  std::vector<at::Tensor> expected;
  for (std::int64_t i = 0; i < 9; ++i) {
    const auto image = draw_shape(1, i, i % 2, 16);
    const auto pixels = torch::from_blob(const_cast<std::uint8_t*>(image.pixels.data()), {256, 3}, torch::kUInt8);
    expected.push_back(pixels.to(torch::kFloat).mean(0));
  }
  for (const std::int64_t batch : {1, 4, 100}) {
    MeanColours network;
    EXPECT_TRUE(torch::allclose(pool(network, {.batch = batch, .threads = 2}), torch::stack(expected)));
    EXPECT_EQ(network.calls.front(), std::min<std::int64_t>(batch, 9));
    EXPECT_EQ(observer_.last_done, 9);
  }
}

TEST_F(SetFeaturesTest, TellWhatTheyAreOf) {
  MeanColours network;
  put_file(tree_ / "3.png", "no image");
  const auto features = pool(network, {.batch = 2, .threads = 2, .max_corrupt = 1});
  EXPECT_EQ(features.size(0), 8);
  EXPECT_EQ(pass_.counts.images, 8);
  EXPECT_EQ(pass_.counts.corrupt, 1);
  EXPECT_EQ(pass_.names_sha256, sha256_hex("0.png\n1.png\n2.png\n4.png\n5.png\n6.png\n7.png\n8.png\n"));
  EXPECT_EQ(pass_.images_sha256, open_image_set(tree_, observer_)->sha256(observer_));
}

TEST_F(SetFeaturesTest, OfMixedSizesNeedANetworkThatResizes) {
  put_file(tree_ / "4.png", shape_png(4, 8));
  MeanColours resizing, plain(false);
  EXPECT_EQ(pool(resizing, {.batch = 100, .threads = 1}).size(0), 9);
  EXPECT_EQ(resizing.calls, (std::vector<std::int64_t>{4, 1, 4}));
  expect_error(ErrorCode::invalid_argument, "the image 4.png has 8x8 pixels, those before it 16x16",
               [&] { pool(plain, {.batch = 100, .threads = 1}); });
}

TEST_F(SetFeaturesTest, NeedAnImage) {
  for (std::int64_t i = 0; i < 9; ++i)
    put_file(tree_ / (std::to_string(i) + ".png"), "no image");
  MeanColours network;
  expect_error(ErrorCode::invalid_data, "none of the 9 images can be decoded",
               [&] { pool(network, {.batch = 4, .threads = 1, .max_corrupt = 9}); });
}

}  // namespace
}  // namespace checkerlab::model
