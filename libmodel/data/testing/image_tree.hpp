// For tests: small encoded images and files in folders.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include "libmodel/data/shapes.hpp"
#include "libmodel/image/encode_png.hpp"

namespace checkerlab::model {

// A drawn shape as a PNG file.
inline std::string shape_png(std::int64_t index, std::int64_t size = 16) {
  const auto bytes = encode_png(draw_shape(1, index, index % 2, size));
  return {bytes.begin(), bytes.end()};
}

inline void put_file(const std::filesystem::path& file, const std::string& content) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << content;
}

}  // namespace checkerlab::model
