#include "libmodel/data/import_dataset.hpp"

#include <gtest/gtest.h>
#include <torch/types.h>

#include "base/files.hpp"
#include "libmodel/data/shapes.hpp"
#include "libmodel/data/testing/tar_writer.hpp"
#include "libmodel/image/encode_png.hpp"
#include "libmodel/modules/testing/expect_error.hpp"
#include "libmodel/testing/recording_observer.hpp"

namespace checkerlab::model {
namespace {

namespace fs = std::filesystem;

std::string png(std::int64_t index, std::int64_t size = 16) {
  const auto bytes = encode_png(draw_shape(1, index, index % 2, size));
  return {bytes.begin(), bytes.end()};
}

void put(const fs::path& file, const std::string& content) {
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << content;
}

ImportOptions options() {
  return {.size = 16, .max_corrupt = 0, .limit_per_class = 0, .threads = 2};
}

// Two classes, three training images and one test image each.
std::vector<std::pair<std::string, std::string>> small_set() {
  std::vector<std::pair<std::string, std::string>> files;
  for (std::int64_t i = 0; i < 8; ++i) {
    const auto split = i < 6 ? "train/" : "test/";
    files.emplace_back(split + std::string(i % 2 == 0 ? "cat/" : "dog/") + std::to_string(i) + ".png", png(i));
  }
  return files;
}

bool same(const Dataset& a, const Dataset& b) {
  return torch::equal(a.train_images, b.train_images) && torch::equal(a.train_labels, b.train_labels) &&
         torch::equal(a.test_images, b.test_images) && torch::equal(a.test_labels, b.test_labels) &&
         a.classes == b.classes;
}

class ImportTest : public testing::Test {
 protected:
  ImportTest() {
    for (const auto& [name, content] : small_set())
      put(set_ / name, content);
  }
  TemporaryFolder folder_;
  fs::path set_ = folder_.path() / "set";
  RecordingObserver observer_;
};

TEST_F(ImportTest, ReadsClassFolders) {
  const auto dataset = import_dataset(set_, options(), observer_);
  EXPECT_EQ(dataset.classes, (std::vector<std::string>{"cat", "dog"}));
  EXPECT_EQ(dataset.train_images.sizes(), (at::IntArrayRef{6, 16, 16, 3}));
  EXPECT_TRUE(torch::equal(dataset.train_labels, torch::tensor({0, 0, 0, 1, 1, 1}, torch::kInt64)));
  EXPECT_EQ(dataset.test_images.size(0), 2);
  EXPECT_EQ(dataset.corrupt, 0);
  const auto expected = draw_shape(1, 2, 0, 16).pixels;
  const auto actual = dataset.train_images[1].contiguous();
  EXPECT_EQ(
      std::vector<std::uint8_t>(actual.data_ptr<std::uint8_t>(), actual.data_ptr<std::uint8_t>() + actual.numel()),
      expected);
  EXPECT_EQ(observer_.last_done, 8);
}

TEST_F(ImportTest, ReadsTheSameFromArchives) {
  const auto expected = import_dataset(set_, options(), observer_);
  TarWriter all, train, test;
  auto files = small_set();
  std::reverse(files.begin(), files.end());  // the order in an archive does not matter
  for (const auto& [name, content] : files) {
    all.add("./" + name, content);
    (name.starts_with("train") ? train : test).add(name, content);
  }
  all.write(folder_.path() / "all.tar");
  EXPECT_TRUE(same(import_dataset(folder_.path() / "all.tar", options(), observer_), expected));
  fs::create_directory(folder_.path() / "split");
  train.write_gz(folder_.path() / "split" / "train.tar.gz");
  test.write_gz(folder_.path() / "split" / "test.tar.gz");
  EXPECT_TRUE(same(import_dataset(folder_.path() / "split", options(), observer_), expected));
}

TEST_F(ImportTest, NamesAndCountsCorruptImages) {
  put(set_ / "train/cat/9.png", png(9).substr(0, 100));
  put(set_ / "train/dog/9.jpg", "no image");
  expect_error(ErrorCode::invalid_data, "more than the limit of 1", [&] {
    auto one = options();
    one.max_corrupt = 1;
    import_dataset(set_, one, observer_);
  });
  auto two = options();
  two.max_corrupt = 2;
  RecordingObserver observer;
  const auto dataset = import_dataset(set_, two, observer);
  EXPECT_EQ(dataset.corrupt, 2);
  EXPECT_EQ(dataset.train_images.size(0), 6);
  int named = 0;
  for (const auto& line : observer.lines) {
    named += line.find("train/cat/9.png") != std::string::npos || line.find("train/dog/9.jpg") != std::string::npos;
  }
  EXPECT_EQ(named, 2);
}

TEST_F(ImportTest, ResizesLimitsAndIgnoresThreads) {
  put(set_ / "train/cat/8.png", png(8, 40));
  const auto one = import_dataset(set_, {.size = 12, .limit_per_class = 2, .threads = 1}, observer_);
  EXPECT_EQ(one.train_images.sizes(), (at::IntArrayRef{4, 12, 12, 3}));
  EXPECT_TRUE(same(one, import_dataset(set_, {.size = 12, .limit_per_class = 2, .threads = 7}, observer_)));
}

TEST_F(ImportTest, AnswersBadInput) {
  expect_error(ErrorCode::not_found, "nowhere",
               [&] { import_dataset(folder_.path() / "nowhere", options(), observer_); });
  put(folder_.path() / "file.tar", "this is no archive, just text that goes on" + std::string(600, '.'));
  expect_error(ErrorCode::invalid_data, "file.tar",
               [&] { import_dataset(folder_.path() / "file.tar", options(), observer_); });
  fs::create_directory(folder_.path() / "empty");
  expect_error(ErrorCode::invalid_argument, "no images",
               [&] { import_dataset(folder_.path() / "empty", options(), observer_); });
  expect_error(ErrorCode::invalid_argument, "size", [&] { import_dataset(set_, {.size = 0}, observer_); });
  observer_.cancel_at = 0;
  expect_error(ErrorCode::cancelled, "", [&] { import_dataset(set_, options(), observer_); });
}

class CifarTest : public testing::Test {
 protected:
  // A row of CIFAR-10: red = label * 20, green = 7, blue = the column.
  static std::string row(int label) {
    std::string bytes(1, static_cast<char>(label));
    bytes += std::string(1024, static_cast<char>(label * 20)) + std::string(1024, 7);
    for (int i = 0; i < 1024; ++i)
      bytes += static_cast<char>(i % 32);
    return bytes;
  }
  TemporaryFolder folder_;
  NullObserver observer_;
};

TEST_F(CifarTest, ReadsTheTenClassFiles) {
  put(folder_.path() / "cifar-10-batches-bin/data_batch_1.bin", row(2) + row(0));
  put(folder_.path() / "cifar-10-batches-bin/data_batch_2.bin", row(1));
  put(folder_.path() / "cifar-10-batches-bin/test_batch.bin", row(1));
  put(folder_.path() / "cifar-10-batches-bin/batches.meta.txt", "plane\ncar\nbird\n\n");
  const auto dataset = import_dataset(folder_.path(), {.size = 32}, observer_);
  EXPECT_EQ(dataset.classes, (std::vector<std::string>{"plane", "car", "bird"}));
  EXPECT_TRUE(torch::equal(dataset.train_labels, torch::tensor({2, 0, 1}, torch::kInt64)));
  const auto pixel = dataset.train_images[0][5][9];
  EXPECT_TRUE(torch::equal(pixel, torch::tensor({40, 7, 9}, torch::kUInt8)));
  EXPECT_EQ(dataset.test_labels.item<std::int64_t>(), 1);
  EXPECT_EQ(import_dataset(folder_.path(), {.size = 16}, observer_).size(), 16);
}

TEST_F(CifarTest, ReadsTheHundredClassFilesFromAnArchive) {
  TarWriter()
      .add("cifar-100-binary/test.bin", std::string(1, 9) + row(1))
      .add("cifar-100-binary/train.bin", std::string(1, 3) + row(4) + std::string(1, 3) + row(0))
      .write_gz(folder_.path() / "c.tar.gz");
  const auto dataset = import_dataset(folder_.path() / "c.tar.gz", {.size = 32}, observer_);
  EXPECT_TRUE(torch::equal(dataset.train_labels, torch::tensor({4, 0}, torch::kInt64)));
  EXPECT_EQ(dataset.classes.size(), 5u);
}

TEST_F(CifarTest, RefusesBrokenFiles) {
  put(folder_.path() / "data_batch_1.bin", row(2).substr(1));
  put(folder_.path() / "test_batch.bin", row(2));
  expect_error(ErrorCode::invalid_data, "data_batch_1.bin",
               [&] { import_dataset(folder_.path(), {.size = 32}, observer_); });
  put(folder_.path() / "data_batch_1.bin", row(5));
  put(folder_.path() / "batches.meta.txt", "plane\ncar\n");
  expect_error(ErrorCode::invalid_data, "label 5", [&] { import_dataset(folder_.path(), {.size = 32}, observer_); });
}

}  // namespace
}  // namespace checkerlab::model
