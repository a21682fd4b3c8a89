#include "libmodel/data/webdataset.hpp"

#include <gtest/gtest.h>
#include <torch/types.h>

#include "base/files.hpp"
#include "libmodel/data/import_dataset.hpp"
#include "libmodel/data/testing/image_tree.hpp"
#include "libmodel/data/testing/tar_writer.hpp"
#include "libmodel/modules/testing/expect_error.hpp"
#include "libmodel/testing/recording_observer.hpp"

namespace checkerlab::model {
namespace {

namespace fs = std::filesystem;

class WebDatasetTest : public testing::Test {
 protected:
  ImageListing list() {
    const auto source = open_source(root_);
    const auto files = source->list([] {});
    EXPECT_TRUE(is_webdataset(files));
    return list_webdataset(*source, files, "x", observer_);
  }
  TemporaryFolder folder_;
  fs::path root_ = folder_.path();
  NullObserver observer_;
};

TEST_F(WebDatasetTest, ReadsShardsWithBothKindsOfLabels) {
  TarWriter()
      .add("0001.jpg", "image")
      .add("0001.cls", "3\n")
      .add("0001.caption.txt", "a thing")
      .add("0000.json", R"({"label": 1, "text": "x"})")
      .add("0000.png", "image")
      .write(root_ / "set-000000.tar");
  TarWriter().add("a/0000.cls", "0").add("a/0000.webp", "image").write_gz(root_ / "set-000001.tar.gz");
  const auto listing = list();
  ASSERT_EQ(listing.images.size(), 3u);
  EXPECT_EQ(listing.images[0].name, "set-000000/0000.png");
  EXPECT_EQ(listing.images[0].label, 1);
  EXPECT_EQ(listing.images[1].label, 3);
  EXPECT_EQ(listing.images[2].name, "set-000001/a/0000.webp");
  EXPECT_EQ(listing.classes, (std::vector<std::string>{"0", "1", "2", "3"}));
}

TEST_F(WebDatasetTest, TellsSplitsAndNamesClasses) {
  TarWriter().add("1.png", "i").add("1.cls", "1").write(root_ / "train-00.tar");
  TarWriter().add("1.png", "i").add("1.cls", "0").add("classes.txt", "cat\ndog\n").write(root_ / "validation-00.tar");
  const auto listing = list();
  EXPECT_EQ(listing.classes, (std::vector<std::string>{"cat", "dog"}));
  EXPECT_EQ(listing.images[0].split, "train");
  EXPECT_EQ(listing.images[1].split, "val");
  EXPECT_EQ(images_of_split(listing, "test", "x").size(), 1u);
  EXPECT_EQ(images_of_split(listing, "all", "x").size(), 2u);
}

TEST_F(WebDatasetTest, NamesBrokenSamples) {
  const auto refused = [&](const std::string& named, const TarWriter& tar) {
    tar.write(root_ / "s-0.tar");
    expect_error(ErrorCode::invalid_data, named, [&] { list(); });
  };
  const auto good = [] { return TarWriter().add("0.png", "i").add("0.cls", "0"); };
  refused("s-0/1 of x has no label", good().add("1.png", "i"));
  refused("s-0/1 has several images", good().add("1.png", "i").add("1.jpg", "i").add("1.cls", "0"));
  refused("s-0/1.cls", good().add("1.png", "i").add("1.cls", "-1"));
  refused("s-0/1.cls", good().add("1.png", "i").add("1.cls", "three"));
  refused("s-0/1.json", good().add("1.png", "i").add("1.json", "{\"label\": 1.5}"));
  refused("s-0/1.json", good().add("1.png", "i").add("1.json", "{\"label\""));
  refused("only 1 class names", good().add("1.png", "i").add("1.cls", "4").add("classes.txt", "cat"));
}

TEST_F(WebDatasetTest, IsImportedLikeFolders) {
  TarWriter train, test;
  for (std::int64_t i = 0; i < 5; ++i) {
    const auto key = std::to_string(i);
    (i < 4 ? train : test).add(key + ".png", shape_png(i)).add(key + ".cls", std::to_string(i % 2));
  }
  train.write(root_ / "train-000000.tar");
  test.write(root_ / "test-000000.tar");
  const auto dataset = import_dataset(root_, {.size = 16, .threads = 2}, observer_);
  EXPECT_TRUE(torch::equal(dataset.train_labels, torch::tensor({0, 1, 0, 1}, torch::kInt64)));
  EXPECT_EQ(dataset.test_images.size(0), 1);
  const auto expected = draw_shape(1, 3, 1, 16).pixels;
  const auto image = dataset.train_images[3].contiguous();
  EXPECT_EQ(std::vector<std::uint8_t>(image.data_ptr<std::uint8_t>(), image.data_ptr<std::uint8_t>() + image.numel()),
            expected);
}

TEST(ImageListing, ExplainsWhichSplitsThereAre) {
  const ImageListing plain{{"a"}, {{"a/1.jpg", 0, ""}}};
  EXPECT_EQ(images_of_split(plain, "train", "x").size(), 1u);
  expect_error(ErrorCode::invalid_argument, "'test'", [&] { images_of_split(plain, "test", "x"); });
  EXPECT_TRUE(is_image_name("a.WebP"));
  EXPECT_FALSE(is_image_name("a.jpg.txt"));
}

}  // namespace
}  // namespace checkerlab::model
