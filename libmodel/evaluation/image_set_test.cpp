#include "libmodel/evaluation/image_set.hpp"

#include <gtest/gtest.h>
#include <torch/types.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "base/sha256.hpp"
#include "libmodel/data/testing/image_tree.hpp"
#include "libmodel/data/testing/tar_writer.hpp"
#include "libmodel/image/testing/read_bytes.hpp"
#include "libmodel/modules/testing/expect_error.hpp"
#include "libmodel/numpy/testing/npz_builder.hpp"
#include "libmodel/testing/recording_observer.hpp"

namespace checkerlab::model {
namespace {

namespace fs = std::filesystem;

const fs::path kData = CHECKERLAB_TEST_DATA;

std::string file_text(const fs::path& file) {
  const auto bytes = read_bytes(file);
  return {bytes.begin(), bytes.end()};
}

class ImageSetTest : public testing::Test {
 protected:
  struct Read {
    std::vector<std::string> names;
    std::string pixels;
    ImageCounts counts;
  };

  Read read(ImageSet& set, const ImageSetOptions& options = {.batch = 4, .threads = 2}) {
    Read result;
    const auto reader = set.read(options, observer_);
    while (const auto rows = reader->next(observer_)) {
      EXPECT_EQ(rows->places.size(), static_cast<std::size_t>(rows->pixels.size(0)));
      EXPECT_LE(rows->pixels.size(0), options.batch);
      for (const auto place : rows->places)
        result.names.push_back(set.name(place));
      result.pixels.append(static_cast<const char*>(rows->pixels.const_data_ptr()), rows->pixels.nbytes());
    }
    result.counts = reader->counts();
    return result;
  }
  Read read(const fs::path& path, const ImageSetOptions& options = {.batch = 4, .threads = 2}) {
    return read(*open_image_set(path, observer_), options);
  }
  std::string identity(const fs::path& path) { return open_image_set(path, observer_)->sha256(observer_); }

  RecordingObserver observer_;
  TemporaryFolder folder_;
  fs::path tree_ = folder_.path() / "tree";
};

TEST_F(ImageSetTest, ReadsFoldersAndArchivesInTheOrderOfNames) {
  TarWriter tar;
  const std::vector<std::string> names{"a/10.png", "a/2.png", "b.PNG", "c/x/1.png", "z.png"};
  for (std::size_t i = names.size(); i-- > 0;) {  // not in order in the archive
    const auto png = shape_png(static_cast<std::int64_t>(i));
    put_file(tree_ / names[i], png);
    tar.add(names[i], png);
  }
  put_file(tree_ / "notes.txt", "no image");
  put_file(tree_ / ".hidden/1.png", "no image");
  put_file(tree_ / "._b.png", "no image");
  tar.add("notes.txt", "no image").write(folder_.path() / "a.tar");
  tar.write_gz(folder_.path() / "a.tar.gz");
  const Read folder = read(tree_);
  EXPECT_EQ(folder.names, names);
  EXPECT_EQ(folder.counts.images, 5);
  EXPECT_EQ(folder.counts.text(), "");
  std::string expected;
  for (std::int64_t i = 0; i < 5; ++i) {
    const auto image = draw_shape(1, i, i % 2, 16);
    expected.append(image.pixels.begin(), image.pixels.end());
  }
  EXPECT_EQ(folder.pixels, expected);
  for (const auto* name : {"a.tar", "a.tar.gz"}) {
    const Read archive = read(folder_.path() / name);
    EXPECT_EQ(archive.names, names) << name;
    EXPECT_EQ(archive.pixels, expected) << name;
    EXPECT_EQ(identity(folder_.path() / name), identity(tree_));
  }
}

TEST_F(ImageSetTest, TheIdentityIsWhatSha256sumPrints) {
  put_file(tree_ / "1.png", shape_png(1));
  put_file(tree_ / "d/2.png", shape_png(2));
  const auto lines = sha256_hex(shape_png(1)) + "  1.png\n" + sha256_hex(shape_png(2)) + "  d/2.png\n";
  EXPECT_EQ(identity(tree_), sha256_hex(lines));
  const auto set = open_image_set(tree_, observer_);
  read(*set);
  fs::remove_all(tree_);  // known from the pass
  EXPECT_EQ(set->sha256(observer_), sha256_hex(lines));
}

TEST_F(ImageSetTest, ReadsNumpysArchives) {
  const auto golden = kData / "golden_metrics/npz";
  std::ifstream stream(golden / "expected.json");
  const auto expected = nlohmann::json::parse(stream);
  for (const auto* name : {"samples.npz", "samples_deflate.npz"}) {
    const Read samples = read(golden / name, {.batch = 5});
    EXPECT_EQ(sha256_hex(samples.pixels), expected.at("samples_sha256_of_pixels")) << name;
    EXPECT_EQ(samples.names.at(15), "arr_0[15]");
    EXPECT_EQ(samples.counts.images, 16);
    EXPECT_EQ(identity(golden / name), sha256_file(golden / name));
  }
  EXPECT_EQ(sha256_hex(read(golden / "reference.npz").pixels), expected.at("reference_sha256_of_pixels"));
}

// Grey, CMYK, alpha, 16 bits and turned files, against the pixels that Pillow makes of them as they are stored.
TEST_F(ImageSetTest, CountsWhatIsNotPlain) {
  std::ifstream stream(kData / "golden_decode/expected.json");
  const auto expected = nlohmann::json::parse(stream).at("images");
  const Read golden = read(kData / "golden_decode", {.batch = 7, .threads = 2});
  ASSERT_EQ(golden.names.size(), expected.size());
  constexpr std::size_t kBytes = 23 * 17 * 3;
  for (std::size_t i = 0; i < golden.names.size(); ++i)
    EXPECT_EQ(sha256_hex(golden.pixels.substr(i * kBytes, kBytes)), expected.at(golden.names[i]).at("stored"));
  EXPECT_EQ(golden.counts.text(),
            "7 grey, 1 CMYK, 5 with alpha (dropped), 2 of 16 bits (rounded), 9 with an EXIF orientation (not applied), "
            "11 JPEG");
}

TEST_F(ImageSetTest, ReadsMixedSizesInRunsOfOneSize) {
  for (std::int64_t i = 0; i < 6; ++i)
    put_file(tree_ / (std::to_string(i) + ".png"), shape_png(i, i == 2 ? 8 : 16));
  const auto set = open_image_set(tree_, observer_);
  const auto reader = set->read({.batch = 4, .threads = 2}, observer_);
  std::vector<std::vector<std::int64_t>> runs;
  while (const auto rows = reader->next(observer_)) {
    runs.push_back(rows->places);
    EXPECT_EQ(rows->pixels.size(1), rows->places.front() == 2 ? 8 : 16);
  }
  EXPECT_EQ(runs, (std::vector<std::vector<std::int64_t>>{{0, 1}, {2}, {3}, {4, 5}}));
  EXPECT_EQ(reader->counts().text(), "2 sizes");
  EXPECT_EQ((reader->counts().sizes.at({8, 8})), 1);
}

TEST_F(ImageSetTest, RefusesOrCountsWhatIsNoImage) {
  put_file(tree_ / "1.png", shape_png(1));
  put_file(tree_ / "2.png", "a text that is called an image");
  put_file(tree_ / "3.png", shape_png(3).substr(0, 60));
  put_file(tree_ / "4.png", shape_png(4));
  expect_error(ErrorCode::invalid_data, "image 2.png cannot be read: it is neither JPEG, PNG nor WebP",
               [&] { read(tree_); });
  expect_error(ErrorCode::invalid_data, "image 3.png cannot be read",
               [&] { read(tree_, {.batch = 4, .threads = 1, .max_corrupt = 1}); });
  const Read rest = read(tree_, {.batch = 4, .threads = 2, .max_corrupt = 2});
  EXPECT_EQ(rest.names, (std::vector<std::string>{"1.png", "4.png"}));
  EXPECT_EQ(rest.counts.text(), "2 corrupt (left out)");
}

TEST_F(ImageSetTest, RefusesWhatHoldsNoImages) {
  fs::create_directories(tree_);
  expect_error(ErrorCode::invalid_argument, tree_.string() + " holds no images (png, jpg, jpeg, webp); it is empty",
               [&] { open_image_set(tree_, observer_); });
  put_file(tree_ / "notes.txt", "text");
  expect_error(ErrorCode::invalid_argument, "only 1 other files", [&] { open_image_set(tree_, observer_); });
  expect_error(ErrorCode::invalid_argument, "notes.txt is no set of images",
               [&] { open_image_set(tree_ / "notes.txt", observer_); });
  expect_error(ErrorCode::not_found, "nowhere does not exist", [&] { open_image_set("nowhere", observer_); });
  const auto tar = folder_.path() / "a.tar";
  TarWriter().add("x.txt", "text").write(tar);
  expect_error(ErrorCode::invalid_argument, "a.tar holds no images", [&] { open_image_set(tar, observer_); });
}

TEST_F(ImageSetTest, RefusesDamagedAndHostileArchives) {
  const auto tar = folder_.path() / "a.tar", packed = folder_.path() / "a.tar.gz";
  TarWriter().add("../1.png", shape_png(1)).write(tar);
  expect_error(ErrorCode::invalid_data, "leads out", [&] { open_image_set(tar, observer_); });
  TarWriter().add("../1.png", shape_png(1)).write_gz(packed);
  expect_error(ErrorCode::invalid_data, "a.tar.gz", [&] { open_image_set(packed, observer_); });
  TarWriter().add("1.png", shape_png(1)).add("1.png", shape_png(2)).write(tar);
  expect_error(ErrorCode::invalid_data, "two images of the name 1.png", [&] { open_image_set(tar, observer_); });
  put_file(tar, "a text that is called an archive");
  expect_error(ErrorCode::invalid_data, "a.tar is damaged", [&] { open_image_set(tar, observer_); });
  fs::resize_file(packed, fs::file_size(packed) / 2);
  expect_error(ErrorCode::invalid_data, "a.tar.gz is damaged", [&] { open_image_set(packed, observer_); });
}

TEST_F(ImageSetTest, RefusesNumpyArchivesOfOtherThings) {
  const auto file = folder_.path() / "a.npz";
  const auto refused = [&](ErrorCode code, const std::string& reason) {
    expect_error(code, reason, [&] { open_image_set(file, observer_); });
    expect_error(code, file.string(), [&] { open_image_set(file, observer_); });
  };
  NpzBuilder().add("images.npy", npy<std::uint8_t>("|u1", {1}, {1})).write(file);
  refused(ErrorCode::invalid_data, "'arr_0' is missing; it holds images");
  NpzBuilder().add("arr_0.npy", npy<float>("<f4", {1, 1, 1, 3}, {1, 2, 3})).write(file);
  refused(ErrorCode::invalid_data, "float32 (1, 1, 1, 3), where images uint8 (N, H, W, 3)");
  NpzBuilder().add("arr_0.npy", npy<std::uint8_t>("|u1", {1, 3, 1, 1}, {1, 2, 3})).write(file);
  refused(ErrorCode::invalid_data, "uint8 (1, 3, 1, 1), where images");
  NpzBuilder().add("arr_0.npy", npy<std::uint8_t>("|u1", {0, 4, 4, 3}, {})).write(file);
  refused(ErrorCode::invalid_argument, "holds no images");
  NpzBuilder().add("arr_0.npy", npy_header("|u1", {std::int64_t{1} << 30, 32, 32, 3})).write(file);
  refused(ErrorCode::invalid_data, "claims uint8 (1073741824, 32, 32, 3)");
  put_file(file, "a text that is called an archive");
  refused(ErrorCode::invalid_data, "not a usable zip archive");
  put_file(file, file_text(kData / "golden_metrics/npz/samples.npz").substr(0, 90000));
  refused(ErrorCode::invalid_data, "cut off");
}

TEST_F(ImageSetTest, CanBeCancelled) {
  struct Cancelled : NullObserver {
    bool cancelled() const override { return true; }
  } cancelled;
  const auto set = open_image_set(kData / "golden_metrics/npz/samples.npz", observer_);
  const auto reader = set->read({}, observer_);
  expect_error(ErrorCode::cancelled, "", [&] { reader->next(cancelled); });
  expect_error(ErrorCode::cancelled, "", [&] { set->sha256(cancelled); });
}

}  // namespace
}  // namespace checkerlab::model
