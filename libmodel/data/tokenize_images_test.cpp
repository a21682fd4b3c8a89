// Images to tokens: the golden cache made again, and sets of other kinds.
#include "libmodel/data/tokenize_images.hpp"

#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include "base/files.hpp"
#include "libmodel/checkpoint/released/load_any.hpp"
#include "libmodel/data/open_tokens.hpp"
#include "libmodel/data/released_cache.hpp"
#include "libmodel/data/released_writer.hpp"
#include "libmodel/data/testing/golden_cache.hpp"
#include "libmodel/data/testing/image_tree.hpp"
#include "libmodel/data/testing/tar_writer.hpp"
#include "libmodel/data/token_cache.hpp"
#include "libmodel/modules/testing/expect_error.hpp"
#include "libmodel/testing/recording_observer.hpp"
#include "libmodel/tokenizer/testing/tiny_tokenizer.hpp"

namespace checkerlab::model {
namespace {

namespace fs = std::filesystem;

class TokenizeImagesTest : public testing::Test {
 protected:
  static VqTokenizer small_tokenizer() {
    torch::manual_seed(3);
    VqTokenizer tokenizer(tiny_tokenizer_config());
    return tokenizer;
  }
  TokenizeOptions small_options() const {
    return {.image_size = 8, .sides = {1, 2, 4}, .crops = Crops::ten, .threads = 2};
  }
  TokenizedImages run(const fs::path& images, const TokenizeOptions& options) {
    auto tokenizer = small_tokenizer();
    return tokenize_images(images, tokenizer, options, folder_.path(), torch::kCPU, observer_);
  }
  TemporaryFolder folder_;
  fs::path root_ = folder_.path() / "set";
  RecordingObserver observer_;
};

// All crops of all images at the small sides. At all twelve sides, which takes a minute, 1 of the 102,000 tokens
// differs.
TEST_F(TokenizeImagesTest, MakesTheGoldenCacheAgain) {
  auto tokenizer = load_any_tokenizer(fs::path(CHECKERLAB_TEST_DATA) / "golden_model/ratio2/checkpoint.pth");
  const ReleasedCache golden(kGoldenCache / "cache/train", tokenizer->codes().detach());
  const auto made =
      tokenize_images(kGoldenCache / "images", tokenizer,
                      {.image_size = 256, .sides = {1, 2, 3, 4, 5}, .threads = 2, .pose = Pose::as_stored},
                      folder_.path(), torch::kCPU, observer_);
  EXPECT_EQ(made.classes, golden.metadata().classes);
  EXPECT_TRUE(torch::equal(made.labels, golden.all_labels()));
  std::int64_t different = 0, all = 0;
  for (const auto& [side, tokens] : made.tokens) {
    std::vector<std::int64_t> items, crops;
    for (std::int64_t i = 0; i < 120; ++i) {
      items.push_back(i / 10);
      crops.push_back(i % 10);
    }
    const auto expected = golden.gather(items, crops, side).reshape({12, 10, -1});
    different += tokens.ne(expected).sum().item<std::int64_t>();
    all += tokens.numel();
  }
  EXPECT_EQ(all, 120 * 55);
  EXPECT_LE(different, all / 1200);
  EXPECT_EQ(made.rows.size(), 12u);
}

TEST_F(TokenizeImagesTest, GivesTheSameFromEverySource) {
  TarWriter tar, labelled;
  for (std::int64_t i = 0; i < 9; ++i) {
    const auto content = shape_png(i, 12);
    const auto name = std::string(i % 2 == 0 ? "cat/" : "dog/") + std::to_string(i) + ".png";
    put_file(root_ / name, content);
    tar.add(name, content);
    labelled.add(std::to_string(i % 2) + "-" + std::to_string(i) + ".png", content);
    labelled.add(std::to_string(i % 2) + "-" + std::to_string(i) + ".cls", std::to_string(i % 2));
  }
  tar.write(folder_.path() / "a.tar");
  tar.write_gz(folder_.path() / "b.tar.gz");
  labelled.write(folder_.path() / "train-000000.tar");
  const auto expected = run(root_, small_options());
  EXPECT_EQ(expected.tokens.at(4).sizes(), (at::IntArrayRef{9, 10, 16}));
  EXPECT_EQ(observer_.last_done, 9);
  for (const auto* path : {"a.tar", "b.tar.gz", "train-{000000..000000}.tar"}) {
    auto options = small_options();
    options.batch = 1;
    const auto made = run(folder_.path() / path, options);
    EXPECT_TRUE(torch::equal(made.labels, expected.labels)) << path;
    for (const auto& [side, tokens] : made.tokens) {
      const auto equal = tokens.eq(expected.tokens.at(side)).to(torch::kFloat64).mean().item<double>();
      EXPECT_GT(equal, 0.99) << path << " side " << side;
    }
  }
}

TEST_F(TokenizeImagesTest, LeavesOutCorruptImages) {
  for (std::int64_t i = 0; i < 5; ++i)
    put_file(root_ / ("c" + std::to_string(i % 2)) / (std::to_string(i) + ".png"),
             i == 2 ? std::string("text") : shape_png(i, 12));
  auto options = small_options();
  expect_error(ErrorCode::invalid_data, "2.png", [&] { run(root_, options); });
  options.max_corrupt = 1;
  const auto made = run(root_, options);
  EXPECT_EQ(made.corrupt, 1);
  EXPECT_EQ(made.rows, (std::vector<std::int64_t>{0, 2, 3, 4}));
  write_token_caches(folder_.path() / "own", made);
  write_released_cache(folder_.path() / "released", "set", made, observer_);
  const auto codebook = torch::zeros({32, 4});
  const auto own = open_tokens(folder_.path() / "own", codebook);
  const auto released = open_tokens(folder_.path() / "released", codebook);
  EXPECT_TRUE(torch::equal(own.source->all_labels(), torch::tensor({0, 0, 1, 1}, torch::kInt64)));
  EXPECT_TRUE(torch::equal(own.source->all_labels(), released.source->all_labels()));
  EXPECT_EQ(own.sides, released.sides);
  EXPECT_NO_THROW(own.source->check({1, 2, 4}, 32));
  for (const int side : own.sides)
    EXPECT_TRUE(torch::equal(own.source->gather({3, 0}, {9, 2}, side), released.source->gather({3, 0}, {9, 2}, side)));
}

TEST_F(TokenizeImagesTest, RefusesWhatCannotBe) {
  put_file(root_ / "a/1.png", shape_png(1, 12));
  auto options = small_options();
  options.image_size = 9;
  expect_error(ErrorCode::invalid_argument, "not a multiple", [&] { run(root_, options); });
  options = small_options();
  options.sides = {5};
  expect_error(ErrorCode::invalid_argument, "side 5 is outside", [&] { run(root_, options); });
  options = small_options();
  options.split = "test";
  expect_error(ErrorCode::invalid_argument, "'test'", [&] { run(root_, options); });
  observer_.cancel_at = 0;
  expect_error(ErrorCode::cancelled, "", [&] { run(root_, small_options()); });
}

TEST(CachedSides, AreTheReleasedOnes) {
  EXPECT_EQ(cached_sides(16), (std::vector<int>{1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 13, 16}));
  EXPECT_EQ(cached_sides(4), (std::vector<int>{1, 2, 3, 4}));
}

}  // namespace
}  // namespace checkerlab::model
