// libjpeg reports errors by a long jump; this file and its .cpp keep that to themselves. No object with a destructor
// lives in a function that a jump can leave.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
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
  // Writes height * width * 3 bytes.
  bool read_pixels(std::uint8_t* pixels);
  std::string error() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace checkerlab::model
