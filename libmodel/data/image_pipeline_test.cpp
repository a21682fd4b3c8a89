#include "libmodel/data/image_pipeline.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>

#include "base/error.hpp"
#include "base/files.hpp"
#include "libmodel/data/testing/image_tree.hpp"
#include "libmodel/data/testing/tar_writer.hpp"
#include "libmodel/modules/testing/expect_error.hpp"
#include "libmodel/testing/recording_observer.hpp"

namespace checkerlab::model {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kImages = 30;

class ImagePipelineTest : public testing::Test {
 protected:
  ImagePipelineTest() {
    for (std::int64_t i = 0; i < kImages; ++i) {
      const auto name = std::to_string(100 + i) + ".png";
      put_file(tree_ / name, shape_png(i));
      tar_.add(name, shape_png(i));
    }
    source_ = open_source(tree_);
    files_ = source_->list([] {});
  }

  static Image same(const Image& image) { return image; }

  // Places in the order in which images came, and the images by place.
  std::vector<std::size_t> run(FileSource& source, const PipelineOptions& options) {
    ImagePipeline pipeline(source, source.list([] {}), same, options);
    CorruptCounter corrupt(kImages, observer_);
    std::vector<std::size_t> order;
    while (const auto batch = pipeline.next(corrupt, observer_)) {
      for (std::size_t i = 0; i < batch->places.size(); ++i) {
        order.push_back(batch->places[i]);
        const auto index = static_cast<std::int64_t>(batch->places[i]);
        EXPECT_EQ(batch->images[i], draw_shape(1, index, index % 2, 16));
      }
    }
    corrupt_ = corrupt.count();
    return order;
  }

  TemporaryFolder folder_;
  fs::path tree_ = folder_.path() / "tree";
  TarWriter tar_;
  std::unique_ptr<FileSource> source_;
  std::vector<SourceFile> files_;
  RecordingObserver observer_;
  std::int64_t corrupt_ = 0;
};

std::vector<std::size_t> counting(std::size_t count) {
  std::vector<std::size_t> places(count);
  for (std::size_t i = 0; i < count; ++i)
    places[i] = i;
  return places;
}

TEST_F(ImagePipelineTest, KeepsTheOrderWhateverTheThreads) {
  tar_.write(folder_.path() / "a.tar");
  tar_.write_gz(folder_.path() / "a.tar.gz");
  for (const auto& path : {tree_, folder_.path() / "a.tar", folder_.path() / "a.tar.gz"}) {
    const auto source = open_source(path);
    for (const std::int64_t threads : {1, 4}) {
      EXPECT_EQ(run(*source, {.threads = threads, .batch = 7}), counting(kImages)) << path;
      EXPECT_EQ(run(*source, {.threads = threads, .batch = 1, .ahead = 1}), counting(kImages)) << path;
    }
  }
}

TEST_F(ImagePipelineTest, StaysWithinItsBound) {
  std::atomic<int> decoded{0};
  ImagePipeline pipeline(*source_, files_,
                         [&](const Image& image) {
                           ++decoded;
                           return image;
                         },
                         {.threads = 4, .batch = 2, .ahead = 5});
  CorruptCounter corrupt(0, observer_);
  for (int taken = 0; const auto batch = pipeline.next(corrupt, observer_);) {
    taken += static_cast<int>(batch->images.size());
    EXPECT_LE(decoded.load(), taken + 5);
  }
  EXPECT_EQ(decoded.load(), kImages);
}

TEST_F(ImagePipelineTest, CountsCorruptImagesAndGoesOn) {
  put_file(tree_ / "103.png", "text that is no image");
  put_file(tree_ / "110.png", shape_png(10).substr(0, 60));
  auto expected = counting(kImages);
  expected.erase(expected.begin() + 10);
  expected.erase(expected.begin() + 3);
  EXPECT_EQ(run(*open_source(tree_), {.threads = 3, .batch = 4}), expected);
  EXPECT_EQ(corrupt_, 2);
  ASSERT_EQ(observer_.lines.size(), 2u);
  EXPECT_NE(observer_.lines[0].find("103.png"), std::string::npos);
  const auto source = open_source(tree_);
  ImagePipeline pipeline(*source, source->list([] {}), same, {.batch = 30});
  CorruptCounter strict(1, observer_);
  expect_error(ErrorCode::invalid_data, "110.png", [&] { pipeline.next(strict, observer_); });
}

TEST_F(ImagePipelineTest, HandsOnWhatReadingThrows) {
  ASSERT_TRUE(fs::remove(tree_ / "120.png"));
  ImagePipeline pipeline(*source_, files_, same, {.threads = 2, .batch = 30});
  CorruptCounter corrupt(0, observer_);
  expect_error(ErrorCode::not_found, "120.png", [&] { pipeline.next(corrupt, observer_); });
}

// The only decoding thread waits for a latch that opens after the cancellation was noticed.
TEST_F(ImagePipelineTest, AnswersCancellationWhileItWaits) {
  struct Stoppable : NullObserver {
    bool cancelled() const override { return asked; }
    std::atomic<bool> asked{false};
  } stoppable;
  std::latch wait(1);
  ImagePipeline pipeline(*source_, files_,
                         [&](const Image& image) {
                           stoppable.asked = true;
                           wait.wait();
                           return image;
                         },
                         {.threads = 1, .batch = 4});
  CorruptCounter corrupt(0, observer_);
  expect_error(ErrorCode::cancelled, "", [&] { pipeline.next(corrupt, stoppable); });
  wait.count_down();
}

TEST_F(ImagePipelineTest, StopsInTheMiddle) {
  tar_.write_gz(folder_.path() / "a.tar.gz");
  for (const auto& path : {tree_, folder_.path() / "a.tar.gz"}) {
    const auto source = open_source(path);
    ImagePipeline pipeline(*source, source->list([] {}), same, {.threads = 3, .batch = 2, .ahead = 4});
    CorruptCounter corrupt(0, observer_);
    EXPECT_EQ(pipeline.next(corrupt, observer_)->places, counting(2));
  }
  expect_error(ErrorCode::invalid_argument, "thread", [&] { ImagePipeline(*source_, files_, same, {.threads = 0}); });
}

}  // namespace
}  // namespace checkerlab::model
