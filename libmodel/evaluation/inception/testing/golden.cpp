#include "libmodel/evaluation/inception/testing/golden.hpp"

#include <ATen/ATen.h>

#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "libmodel/image/decode.hpp"
#include "libmodel/image/tensor.hpp"

namespace checkerlab::model {
namespace {

InceptionGolden read_golden() {
  const auto folder = inception_golden_folder();
  SystemFiles files;
  InceptionGolden golden;
  golden.expected = read_safetensors(folder / "expected.safetensors");
  const auto json = nlohmann::json::parse(files.read(folder / "expected.json"));
  for (const std::string name : json.at("images")) {
    const std::string bytes = files.read(folder / name);
    const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
    golden.names.push_back(std::filesystem::path(name).stem());
    golden.images.push_back(images_to_tensor({decode_image({data, bytes.size()}, name)}));
  }
  return golden;
}

}  // namespace

std::filesystem::path inception_golden_folder() {
  return std::filesystem::path(CHECKERLAB_TEST_DATA) / "golden_inception";
}

const InceptionGolden& inception_golden() {
  static const InceptionGolden golden = read_golden();
  return golden;
}

}  // namespace checkerlab::model
