#include "libmodel/image/encode_png.hpp"

#include <png.h>

#include <string>

#include "base/error.hpp"

namespace checkerlab::model {

std::vector<std::uint8_t> encode_png(const Image& image) {
  if (image.pixels.empty()) throw Error(ErrorCode::invalid_argument, "cannot write an empty image as PNG");
  png_image header{};
  header.version = PNG_IMAGE_VERSION;
  header.width = static_cast<png_uint_32>(image.width);
  header.height = static_cast<png_uint_32>(image.height);
  header.format = PNG_FORMAT_RGB;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(header);
  std::vector<std::uint8_t> file(size);
  if (png_image_write_to_memory(&header, file.data(), &size, 0, image.pixels.data(), 0, nullptr) == 0) {
    throw Error(ErrorCode::internal, std::string("writing a PNG failed: ") + header.message);
  }
  file.resize(size);
  return file;
}

}  // namespace checkerlab::model
