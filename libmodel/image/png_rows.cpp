#include "libmodel/image/png_rows.hpp"

#include <png.h>

#include <array>
#include <cstdio>
#include <cstring>

namespace checkerlab::model {

struct PngRows::State {
  png_structp png = nullptr;
  png_infop info = nullptr;
  const std::uint8_t* data = nullptr;
  std::size_t left = 0;
  std::int64_t width = 0;
  std::int64_t height = 0;
  int colour_type = 0;
  int bit_depth = 0;
  bool transparent_colour = false;
  std::array<char, 200> message{};
};

namespace {

[[noreturn]] void on_error(png_structp png, png_const_charp text) {
  std::snprintf(static_cast<char*>(png_get_error_ptr(png)), 200, "%s", text);
  png_longjmp(png, 1);
}

void on_warning(png_structp, png_const_charp) {}

struct Source {
  const std::uint8_t** data;
  std::size_t* left;
};

void read_bytes(png_structp png, png_bytep target, std::size_t size) {
  const auto* source = static_cast<const Source*>(png_get_io_ptr(png));
  if (size > *source->left) png_error(png, "the data end too early");
  std::memcpy(target, *source->data, size);
  *source->data += size;
  *source->left -= size;
}

void ask_for_rgb8(png_structp png, png_infop info) {
  const auto type = png_get_color_type(png, info);
  if (type == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(png);
  if (type == PNG_COLOR_TYPE_GRAY && png_get_bit_depth(png, info) < 8) png_set_expand_gray_1_2_4_to_8(png);
  if (type == PNG_COLOR_TYPE_GRAY || type == PNG_COLOR_TYPE_GRAY_ALPHA) png_set_gray_to_rgb(png);
  png_set_scale_16(png);
  png_set_strip_alpha(png);
  png_set_interlace_handling(png);
  png_read_update_info(png, info);
}

}  // namespace

PngRows::PngRows(const std::uint8_t* data, std::size_t size) : state_(std::make_unique<State>()) {
  state_->data = data;
  state_->left = size;
}

PngRows::~PngRows() {
  png_destroy_read_struct(&state_->png, &state_->info, nullptr);
}

bool PngRows::read_header(std::int64_t max_side) {
  auto* const state = state_.get();
  state->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, state->message.data(), on_error, on_warning);
  if (state->png != nullptr) state->info = png_create_info_struct(state->png);
  if (state->info == nullptr) {
    std::snprintf(state->message.data(), state->message.size(), "no memory for the PNG decoder");
    return false;
  }
  Source source{&state->data, &state->left};
  if (setjmp(png_jmpbuf(state->png)) != 0) return false;
  png_set_read_fn(state->png, &source, read_bytes);
  png_set_user_limits(state->png, static_cast<png_uint_32>(max_side), static_cast<png_uint_32>(max_side));
  png_read_info(state->png, state->info);
  state->width = png_get_image_width(state->png, state->info);
  state->height = png_get_image_height(state->png, state->info);
  state->colour_type = png_get_color_type(state->png, state->info);
  state->bit_depth = png_get_bit_depth(state->png, state->info);
  state->transparent_colour = png_get_valid(state->png, state->info, PNG_INFO_tRNS) != 0;
  return true;
}

std::int64_t PngRows::width() const {
  return state_->width;
}

std::int64_t PngRows::height() const {
  return state_->height;
}

bool PngRows::is_grey() const {
  return state_->colour_type == PNG_COLOR_TYPE_GRAY || state_->colour_type == PNG_COLOR_TYPE_GRAY_ALPHA;
}

bool PngRows::has_alpha() const {
  return (state_->colour_type & PNG_COLOR_MASK_ALPHA) != 0 || state_->transparent_colour;
}

int PngRows::bit_depth() const {
  return state_->bit_depth;
}

std::span<const std::uint8_t> PngRows::exif() const {
#ifdef PNG_eXIf_SUPPORTED
  png_bytep block = nullptr;
  png_uint_32 size = 0;
  if (png_get_eXIf_1(state_->png, state_->info, &size, &block) != 0) return {block, size};
#endif
  return {};
}

bool PngRows::read_pixels(std::uint8_t* pixels, std::uint8_t** rows) {
  auto* const state = state_.get();
  Source source{&state->data, &state->left};
  for (std::int64_t y = 0; y < state->height; ++y)
    rows[y] = pixels + y * state->width * 3;
  if (setjmp(png_jmpbuf(state->png)) != 0) return false;
  png_set_read_fn(state->png, &source, read_bytes);
  ask_for_rgb8(state->png, state->info);
  if (png_get_rowbytes(state->png, state->info) != static_cast<std::size_t>(state->width) * 3) {
    png_error(state->png, "an unknown pixel layout");
  }
  png_read_image(state->png, rows);
  png_read_end(state->png, nullptr);
  return true;
}

std::string PngRows::error() const {
  return state_->message.data();
}

}  // namespace checkerlab::model
