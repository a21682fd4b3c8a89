#include "libmodel/data/dataset.hpp"

#include <torch/types.h>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "libmodel/checkpoint/safetensors.hpp"
#include "libmodel/modules/artifact.hpp"

namespace checkerlab::model {

namespace {

constexpr const char* kKind = "dataset";

void require(bool condition, const std::string& problem) {
  if (!condition) throw Error(ErrorCode::invalid_data, "the data set does not hold together: " + problem);
}

void check_split(const torch::Tensor& images, const torch::Tensor& labels, std::int64_t classes,
                 const std::string& split) {
  require(images.defined() && labels.defined(), "the " + split + " split is missing");
  require(images.dim() == 4 && images.size(3) == 3 && images.size(1) == images.size(2) &&
              images.scalar_type() == torch::kUInt8,
          split + " images are not uint8 [N,S,S,3]");
  require(labels.dim() == 1 && labels.scalar_type() == torch::kInt64 && labels.size(0) == images.size(0),
          "the " + split + " split does not have one int64 label an image");
  require(images.size(0) > 0, "the " + split + " split is empty");
  require(labels.min().item<std::int64_t>() >= 0 && labels.max().item<std::int64_t>() < classes,
          "a " + split + " label has no class");
}

}  // namespace

Split parse_split(const std::string& name) {
  if (name == "train") return Split::train;
  if (name == "test") return Split::test;
  throw Error(ErrorCode::invalid_argument, "unknown split '" + name + "'", "Splits are train and test.");
}

const torch::Tensor& images_of(const Dataset& dataset, Split split) {
  return split == Split::train ? dataset.train_images : dataset.test_images;
}

const torch::Tensor& labels_of(const Dataset& dataset, Split split) {
  return split == Split::train ? dataset.train_labels : dataset.test_labels;
}

void check_dataset(const Dataset& dataset) {
  require(!dataset.classes.empty(), "there are no classes");
  check_split(dataset.train_images, dataset.train_labels, dataset.class_count(), "training");
  check_split(dataset.test_images, dataset.test_labels, dataset.class_count(), "test");
  require(dataset.train_images.size(1) == dataset.test_images.size(1), "the splits have images of different sizes");
}

void write_dataset(const std::filesystem::path& path, const Dataset& dataset) {
  check_dataset(dataset);
  TensorFile file;
  file.tensors = {{"train_images", dataset.train_images},
                  {"train_labels", dataset.train_labels},
                  {"test_images", dataset.test_images},
                  {"test_labels", dataset.test_labels}};
  const nlohmann::json config = {{"classes", dataset.classes}, {"corrupt", dataset.corrupt}};
  file.metadata = artifact_metadata(kKind, config);
  write_safetensors(path, file);
}

Dataset read_dataset(const std::filesystem::path& path) {
  const auto file = read_safetensors(path);
  const auto config = artifact_config(file, kKind, path);
  Dataset dataset;
  dataset.train_images = file.at("train_images", path);
  dataset.train_labels = file.at("train_labels", path);
  dataset.test_images = file.at("test_images", path);
  dataset.test_labels = file.at("test_labels", path);
  dataset.classes = config_value<std::vector<std::string>>(config, "classes", path);
  dataset.corrupt = config_value<std::int64_t>(config, "corrupt", path);
  check_dataset(dataset);
  return dataset;
}

}  // namespace checkerlab::model
