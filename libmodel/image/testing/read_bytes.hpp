#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

namespace checkerlab::model {

inline std::vector<std::uint8_t> read_bytes(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline const std::filesystem::path kGoldenTransform = std::filesystem::path(CHECKERLAB_TEST_DATA) / "golden_transform";

}  // namespace checkerlab::model
