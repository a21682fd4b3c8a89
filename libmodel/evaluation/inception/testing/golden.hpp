// The golden images and values in tests/data/golden_inception.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "libmodel/checkpoint/safetensors.hpp"
#include "libmodel/testing/largest_difference.hpp"

namespace checkerlab::model {

struct InceptionGolden {
  std::vector<std::string> names;  // of the images, without extension
  std::vector<at::Tensor> images;  // uint8 [1,H,W,3]
  TensorFile expected;

  const at::Tensor& at(const std::string& name) const { return expected.at(name, "the golden values"); }
};

std::filesystem::path inception_golden_folder();

// Read once; throws Error.
const InceptionGolden& inception_golden();

}  // namespace checkerlab::model
