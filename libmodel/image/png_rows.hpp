// libpng reports errors by a long jump; this file and its .cpp keep that to themselves. No object with a destructor
// lives in a function that a jump can leave.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace checkerlab::model {

// Decodes one PNG file from memory: read_header once, then read_pixels once. Both return false when the data are
// broken; error() then says why. Not thread-safe; use one object a file. The data must outlive the object.
class PngRows {
 public:
  PngRows(const std::uint8_t* data, std::size_t size);
  ~PngRows();
  PngRows(const PngRows&) = delete;
  PngRows& operator=(const PngRows&) = delete;

  // Refuses images with a side above `max_side` as broken.
  bool read_header(std::int64_t max_side);
  std::int64_t width() const;
  std::int64_t height() const;
  // As the file stores it: of read_header, not of what read_pixels writes.
  bool is_grey() const;
  bool has_alpha() const;  // or a transparent colour
  int bit_depth() const;
  // The EXIF block before the pixels; empty where there is none. Belongs to this object.
  std::span<const std::uint8_t> exif() const;
  // Writes height * width * 3 bytes, `rows` has room for `height` pointers.
  bool read_pixels(std::uint8_t* pixels, std::uint8_t** rows);
  std::string error() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace checkerlab::model
