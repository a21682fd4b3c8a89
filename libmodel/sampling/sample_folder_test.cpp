#include "libmodel/sampling/sample_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include <nlohmann/json.hpp>
#include <set>

#include "base/error.hpp"
#include "base/files.hpp"
#include "libmodel/image/colour_map.hpp"
#include "libmodel/image/decode.hpp"
#include "libmodel/sampling/testing/small_tokenizer.hpp"
#include "libmodel/transformer/testing/golden.hpp"

namespace checkerlab::model {
namespace {

namespace fs = std::filesystem;

class SampleFolderTest : public testing::Test {
 protected:
  std::set<std::string> draw_into(const std::string& name, const SampleFolderOptions& options) {
    request.pyramid = options.pyramid;
    request.settings.record_entropy = options.entropy;
    SampleFolder folder(root.path() / name, model.config, request, options);
    NullObserver observer;
    sample_images(sampler, tokenizer, torch::kCPU, Precision::fp32, request, observer,
                  [&](const ImageBatch& batch) { folder.add(batch); });
    std::set<std::string> names;
    for (const fs::path& file : folder.finish({{"checkpoint", "some.pth"}})) {
      EXPECT_TRUE(fs::exists(file)) << file;
      names.insert(file.filename());
    }
    return names;
  }
  Image image(const std::string& file) {
    const std::string bytes = SystemFiles().read(root.path() / file);
    return decode_image({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, file);
  }

  TemporaryFolder root;
  Model model = small_model({1, 2, 4});
  Sampler sampler{model, torch::kCPU, Precision::fp32};
  VqTokenizer tokenizer = small_tokenizer(model.config);
  ImageRequest request{.begin = 4, .end = 7, .classes = {1, 3}, .settings = {.steps_per_scale = 4}, .batch = 2};
};

TEST_F(SampleFolderTest, writesSheetPicturesAndDescription) {
  EXPECT_THAT(draw_into("plain", {}),
              testing::UnorderedElementsAre("grid.png", "sample_000004.png", "sample_000005.png", "sample_000006.png",
                                            "samples.json"));
  EXPECT_EQ(image("plain/sample_000005.png").width, 8);
  EXPECT_EQ(image("plain/grid.png").width, 2 * (64 + 2) + 2);
  const auto about = nlohmann::json::parse(SystemFiles().read(root.path() / "plain/samples.json"));
  EXPECT_EQ(about["labels"], (std::vector<int>{1, 3, 1}));
  EXPECT_EQ(about["total_steps"], 9);
  EXPECT_EQ(about["order_is_the_models_own"], true);
  EXPECT_EQ(about["checkpoint"], "some.pth");
}

TEST_F(SampleFolderTest, mapsShowOrderStepsEntropyAndPyramid) {
  const auto names = draw_into("maps", {.order = true, .entropy = true, .pyramid = true});
  for (const char* name : {"order.png", "steps.png", "sample_000004_entropy.png", "sample_000006_pyramid.png"}) {
    EXPECT_TRUE(names.contains(name)) << name;
    EXPECT_EQ(image(std::string("maps/") + name).width, 3 * (64 + 2) + 2);
  }
  // The last scale's first place comes first in the order, its opposite corner's quadrant second.
  const Image order = image("maps/order.png");
  const auto colour_at = [&](std::int64_t x, std::int64_t y) {
    const std::uint8_t* pixel = order.row(2 + y) + 3 * (2 + 2 * 66 + x);
    return std::array<std::uint8_t, 3>{pixel[0], pixel[1], pixel[2]};
  };
  EXPECT_EQ(colour_at(0, 0), map_colour(0));
  EXPECT_EQ(colour_at(2 * 16, 2 * 16), map_colour(1.0 / 15));
}

TEST_F(SampleFolderTest, anArchiveReplacesThePictures) {
  EXPECT_THAT(draw_into("npz", {.npz = true}),
              testing::UnorderedElementsAre("grid.png", "samples.npz", "samples.json"));
  EXPECT_GT(fs::file_size(root.path() / "npz/samples.npz"), 3U * 8 * 8 * 3);
}

TEST_F(SampleFolderTest, otherOrdersAreMarked) {
  request.settings.order = ScanOrder::raster;
  const auto names = draw_into("raster", {.order = true});
  EXPECT_TRUE(names.contains("grid.raster.png") && names.contains("order.raster.png"));
  const auto about = nlohmann::json::parse(SystemFiles().read(root.path() / "raster/samples.json"));
  EXPECT_EQ(about["order"], "raster");
  EXPECT_EQ(about["order_is_the_models_own"], false);
}

TEST_F(SampleFolderTest, refusesAFolderThatCannotBe) {
  SystemFiles().write_atomic(root.path() / "file", "x", 0644);
  EXPECT_THROW(SampleFolder(root.path() / "file" / "folder", model.config, request, {}), Error);
}

}  // namespace
}  // namespace checkerlab::model
