#pragma once

#include <torch/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace checkerlab::model {

// A labelled image set in memory: square RGB images of one size in two splits.
struct Dataset {
  torch::Tensor train_images;        // uint8 [N,S,S,3]
  torch::Tensor train_labels;        // int64 [N], 0 ... classes-1
  torch::Tensor test_images;         // uint8 [M,S,S,3]
  torch::Tensor test_labels;         // int64 [M]
  std::vector<std::string> classes;  // name of each label
  std::int64_t corrupt = 0;          // images that could not be decoded and were left out

  [[nodiscard]] std::int64_t size() const { return train_images.size(1); }
  [[nodiscard]] std::int64_t class_count() const { return static_cast<std::int64_t>(classes.size()); }
};

enum class Split { train, test };

// "train" or "test"; throws Error otherwise.
Split parse_split(const std::string& name);

const torch::Tensor& images_of(const Dataset& dataset, Split split);
const torch::Tensor& labels_of(const Dataset& dataset, Split split);

// Throws Error where shapes, types, label range or the class count do not fit together.
void check_dataset(const Dataset& dataset);

// Writes the `dataset` artifact (safetensors: train_images, train_labels, test_images, test_labels; the class names
// and the number of corrupt images stand in the metadata). The file arrives whole or not at all.
void write_dataset(const std::filesystem::path& path, const Dataset& dataset);

// Reads what `write_dataset` wrote. Throws Error when it is not such a file or does not pass `check_dataset`.
Dataset read_dataset(const std::filesystem::path& path);

}  // namespace checkerlab::model
