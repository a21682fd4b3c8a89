#include "libmodel/image/grid.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace checkerlab::model {

namespace {

void check(const std::vector<Image>& images, const GridLayout& layout) {
  if (images.empty() || images.front().pixels.empty())
    throw Error(ErrorCode::invalid_argument, "an image grid needs at least one image");
  if (layout.columns < 1 || layout.magnification < 1 || layout.gap < 0) {
    throw Error(ErrorCode::invalid_argument,
                "an image grid needs at least one column and a magnification of at least one");
  }
  const auto differs = [&](const Image& image) {
    return image.width != images.front().width || image.height != images.front().height;
  };
  if (std::any_of(images.begin(), images.end(), differs)) {
    throw Error(ErrorCode::invalid_argument, "the images of a grid must have one size");
  }
}

void paste(Image& sheet, const Image& image, std::int64_t left, std::int64_t top, std::int64_t factor) {
  for (std::int64_t y = 0; y < image.height * factor; ++y) {
    for (std::int64_t x = 0; x < image.width * factor; ++x) {
      std::copy_n(image.row(y / factor) + x / factor * 3, 3, sheet.row(top + y) + (left + x) * 3);
    }
  }
}

}  // namespace

Image compose_grid(const std::vector<Image>& images, const GridLayout& layout) {
  check(images, layout);
  const auto count = static_cast<std::int64_t>(images.size());
  const auto columns = std::min(layout.columns, count);
  const auto rows = (count + columns - 1) / columns;
  const auto cell_width = images.front().width * layout.magnification + layout.gap;
  const auto cell_height = images.front().height * layout.magnification + layout.gap;
  Image sheet(columns * cell_width + layout.gap, rows * cell_height + layout.gap);
  std::fill(sheet.pixels.begin(), sheet.pixels.end(), layout.background);
  for (std::int64_t i = 0; i < count; ++i) {
    paste(sheet, images[static_cast<std::size_t>(i)], layout.gap + i % columns * cell_width,
          layout.gap + i / columns * cell_height, layout.magnification);
  }
  return sheet;
}

}  // namespace checkerlab::model
