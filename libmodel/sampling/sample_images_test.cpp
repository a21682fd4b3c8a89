#include "libmodel/sampling/sample_images.hpp"

#include <gtest/gtest.h>
#include <torch/types.h>

#include "base/error.hpp"
#include "libmodel/sampling/testing/small_tokenizer.hpp"
#include "libmodel/testing/recording_observer.hpp"
#include "libmodel/transformer/testing/golden.hpp"

namespace checkerlab::model {
namespace {

class SampleImages : public testing::Test {
 protected:
  std::vector<ImageBatch> draw(const ImageRequest& asked) {
    std::vector<ImageBatch> batches;
    sample_images(sampler, tokenizer, torch::kCPU, Precision::fp32, asked, observer,
                  [&](const ImageBatch& batch) { batches.push_back(batch); });
    return batches;
  }

  Model model = small_model({1, 2, 4});
  Sampler sampler{model, torch::kCPU, Precision::fp32};
  VqTokenizer tokenizer = small_tokenizer(model.config);
  RecordingObserver observer;
  ImageRequest request{.begin = 3, .end = 10, .classes = {2, 4}, .settings = {.steps_per_scale = 4, .guidance = 1}};
};

TEST_F(SampleImages, batchesTogetherAreTheSamplesAskedFor) {
  request.batch = 3;
  const auto batches = draw(request);
  ASSERT_EQ(batches.size(), 3U);
  EXPECT_EQ(batches[2].begin, 9);
  EXPECT_EQ(batches[2].pixels[0].sizes(), (torch::IntArrayRef{1, 8, 8, 3}));
  EXPECT_TRUE(torch::equal(batches[0].labels, torch::tensor({4, 2, 4}, torch::kInt64)));
  request.batch = 0;
  const auto whole = draw(request);
  ASSERT_EQ(whole.size(), 1U);
  EXPECT_TRUE(torch::equal(whole[0].drawn.tokens[2].slice(0, 3, 6), batches[1].drawn.tokens[2]));
  EXPECT_TRUE(torch::equal(whole[0].pixels[0].slice(0, 3, 6), batches[1].pixels[0]));
  EXPECT_TRUE(torch::equal(whole[0].pixels[0].slice(0, 6, 7), batches[2].pixels[0]));
}

TEST_F(SampleImages, thePyramidDecodesEveryScale) {
  request.pyramid = true;
  const auto batches = draw(request);
  ASSERT_EQ(batches[0].pixels.size(), 3U);
  EXPECT_EQ(batches[0].pixels[0].sizes(), (torch::IntArrayRef{7, 2, 2, 3}));
  EXPECT_EQ(batches[0].pixels[2].sizes(), (torch::IntArrayRef{7, 8, 8, 3}));
}

TEST_F(SampleImages, refusesClassesThatAreNotThere) {
  for (const std::int64_t bad : {-1, 5, 207}) {
    request.classes = {0, bad};
    EXPECT_THROW(draw(request), Error) << bad;
  }
  request.classes = {};
  request.end = 3;
  EXPECT_THROW(draw(request), Error);
}

TEST_F(SampleImages, stopsWhenCancelled) {
  observer.cancel_at = 0;
  EXPECT_THROW(draw(request), Error);
}

}  // namespace
}  // namespace checkerlab::model
