// libjpeg reports errors by a long jump; this file and its .cpp keep that to themselves. No object with a destructor
// lives in a function that a jump can leave.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace checkerlab::model {

// Decodes one JPEG file from memory: read_header once, then read_pixels once. Both return false when the data are
// broken; error() then says why. Not thread-safe; use one object a file. The data must outlive the object.
class JpegRows {
 public:
  JpegRows(const std::uint8_t* data, std::size_t size);
  ~JpegRows();
  JpegRows(const JpegRows&) = delete;
  JpegRows& operator=(const JpegRows&) = delete;

  bool read_header();
  std::int64_t width() const;
  std::int64_t height() const;
  // Bytes a pixel that read_pixels writes: 3 (RGB; grey is repeated), or 4 for files in CMYK or YCCK, which come out
  // as the file stores them: inverted (255 = no ink), by Adobe's convention.
  int channels() const;
  bool is_grey() const;
  // The first EXIF block; empty where there is none. Belongs to this object.
  std::span<const std::uint8_t> exif() const;
  // Writes height * width * channels() bytes.
  bool read_pixels(std::uint8_t* pixels);
  std::string error() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace checkerlab::model
