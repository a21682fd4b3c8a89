#include "libmodel/data/image_feed.hpp"

#include <gtest/gtest.h>
#include <torch/types.h>

#include <set>

#include "base/files.hpp"
#include "libmodel/data/testing/image_tree.hpp"
#include "libmodel/data/testing/tar_writer.hpp"
#include "libmodel/modules/testing/expect_error.hpp"
#include "libmodel/testing/recording_observer.hpp"

namespace checkerlab::model {
namespace {

TEST(ImageFeed, SeesEveryImageOnceAnEpoch) {
  const auto images = torch::arange(10, torch::kUInt8).reshape({10, 1, 1, 1}).expand({10, 2, 2, 3}).contiguous();
  const auto feed = feed_from_memory(images, 4, 7), other = feed_from_memory(images, 4, 7);
  std::set<int> seen;
  std::vector<torch::Tensor> steps;
  for (std::int64_t step = 0; step < 4; ++step) {
    steps.push_back(feed->batch(step));
    ASSERT_EQ(steps.back().size(0), 4);
    if (step >= 2) continue;
    for (std::int64_t i = 0; i < 4; ++i)
      EXPECT_TRUE(seen.insert(steps.back()[i][0][0][0].item<int>()).second);
  }
  EXPECT_FALSE(torch::equal(steps[0], steps[2]));
  EXPECT_TRUE(torch::equal(other->batch(3), steps[3]));
  EXPECT_EQ(feed_from_memory(images, 40, 7)->batch(5).size(0), 10);
  EXPECT_EQ(first_images(*feed, 7).size(0), 7);
  expect_error(ErrorCode::invalid_argument, "image", [&] { feed_from_memory(images, 0, 1); });
}

TEST(ImageFeed, GivesTheSameFromFilesAsFromMemory) {
  const TemporaryFolder folder;
  TarWriter tar;
  for (std::int64_t i = 0; i < 11; ++i) {
    const auto name = "train/c" + std::to_string(i % 2) + "/" + std::to_string(100 + i) + ".png";
    tar.add(name, shape_png(i));
    put_file(folder.path() / "set" / name, shape_png(i));
  }
  tar.add("test/c0/1.png", shape_png(0));
  tar.write_gz(folder.path() / "set.tar.gz");
  RecordingObserver observer;
  const FileFeedOptions options{.size = 16, .batch = 3, .seed = 5, .threads = 2};
  const auto streamed = feed_from_files(folder.path() / "set", options, observer);
  const auto held = feed_from_files(folder.path() / "set.tar.gz", options, observer);
  for (const std::int64_t step : {0, 1, 2, 3, 8, 4, 0})
    EXPECT_TRUE(torch::equal(streamed->batch(step), held->batch(step))) << step;
}

}  // namespace
}  // namespace checkerlab::model
