#include "libmodel/data/shapes.hpp"

#include <gtest/gtest.h>
#include <torch/types.h>

#include <set>

#include "base/files.hpp"
#include "libmodel/modules/testing/expect_error.hpp"
#include "libmodel/testing/recording_observer.hpp"

namespace checkerlab::model {
namespace {

TEST(Shapes, AreAFunctionOfSeedIndexAndLabel) {
  EXPECT_EQ(draw_shape(3, 7, 1, 16), draw_shape(3, 7, 1, 16));
  EXPECT_NE(draw_shape(3, 7, 1, 16), draw_shape(4, 7, 1, 16));
  EXPECT_NE(draw_shape(3, 7, 1, 16), draw_shape(3, 8, 1, 16));
  std::set<std::vector<std::uint8_t>> kinds;
  for (std::int64_t label = 0; label < kShapeKinds; ++label)
    kinds.insert(draw_shape(3, 7, label, 16).pixels);
  EXPECT_EQ(kinds.size(), static_cast<std::size_t>(kShapeKinds));
}

TEST(Shapes, FillBothSplitsRoundRobin) {
  NullObserver observer;
  const auto dataset =
      generate_shapes({.classes = 3, .images_train = 10, .images_test = 5, .size = 12, .seed = 9}, observer);
  EXPECT_EQ(dataset.train_images.sizes(), (at::IntArrayRef{10, 12, 12, 3}));
  EXPECT_TRUE(torch::equal(dataset.test_labels, torch::tensor({0, 1, 2, 0, 1}, torch::kInt64)));
  EXPECT_EQ(dataset.classes, (std::vector<std::string>{"disc", "square", "cross"}));
  EXPECT_FALSE(torch::equal(dataset.train_images[0], dataset.test_images[0]));
  const auto longer =
      generate_shapes({.classes = 3, .images_train = 10, .images_test = 6, .size = 12, .seed = 9}, observer);
  EXPECT_TRUE(torch::equal(longer.train_images, dataset.train_images));
}

TEST(Shapes, RefuseWhatCannotBeDrawn) {
  NullObserver observer;
  const auto draw = [&](ShapesOptions options) { return [&observer, options] { generate_shapes(options, observer); }; };
  expect_error(ErrorCode::invalid_argument, "classes", draw({.classes = 99, .images_train = 100, .images_test = 100}));
  expect_error(ErrorCode::invalid_argument, "size", draw({.images_train = 100, .images_test = 100, .size = 2}));
  expect_error(ErrorCode::invalid_argument, "one image a class", draw({.images_train = 100, .images_test = 0}));
}

TEST(DatasetFile, GoesThereAndBack) {
  const TemporaryFolder folder;
  NullObserver observer;
  auto dataset = generate_shapes({.classes = 2, .images_train = 6, .images_test = 2, .size = 8, .seed = 1}, observer);
  dataset.corrupt = 3;
  write_dataset(folder.path() / "d.safetensors", dataset);
  const auto again = read_dataset(folder.path() / "d.safetensors");
  EXPECT_TRUE(torch::equal(again.train_images, dataset.train_images));
  EXPECT_TRUE(torch::equal(again.test_labels, dataset.test_labels));
  EXPECT_EQ(again.classes, dataset.classes);
  EXPECT_EQ(again.corrupt, 3);
}

TEST(DatasetFile, RefusesWhatDoesNotHoldTogether) {
  NullObserver observer;
  auto dataset = generate_shapes({.classes = 2, .images_train = 6, .images_test = 2, .size = 8, .seed = 1}, observer);
  dataset.train_labels[0] = 2;
  expect_error(ErrorCode::invalid_data, "label has no class", [&] { check_dataset(dataset); });
  dataset.train_labels = dataset.train_labels.slice(0, 1);
  expect_error(ErrorCode::invalid_data, "one int64 label", [&] { check_dataset(dataset); });
  expect_error(ErrorCode::invalid_argument, "split", [] { parse_split("validation"); });
}

}  // namespace
}  // namespace checkerlab::model
