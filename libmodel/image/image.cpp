#include "libmodel/image/image.hpp"

namespace checkerlab::model {

Image::Image(std::int64_t width_in, std::int64_t height_in)
    : width(width_in), height(height_in), pixels(static_cast<std::size_t>(width_in * height_in * 3)) {}

}  // namespace checkerlab::model
