#pragma once

#include <cstdint>
#include <vector>

namespace checkerlab::model {

// An RGB image with eight bits a channel, rows from top to bottom, pixels interleaved (`(y * width + x) * 3 +
// channel`). A plain value: owns its pixels, `pixels.size() == width * height * 3` always.
struct Image {
  std::int64_t width = 0;
  std::int64_t height = 0;
  std::vector<std::uint8_t> pixels;

  Image() = default;
  // A black image. Precondition: both sides are positive.
  Image(std::int64_t width_in, std::int64_t height_in);

  [[nodiscard]] const std::uint8_t* row(std::int64_t y) const { return pixels.data() + y * width * 3; }
  [[nodiscard]] std::uint8_t* row(std::int64_t y) { return pixels.data() + y * width * 3; }

  friend bool operator==(const Image&, const Image&) = default;
};

}  // namespace checkerlab::model
