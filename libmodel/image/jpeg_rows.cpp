#include "libmodel/image/jpeg_rows.hpp"

#include <csetjmp>
#include <cstdio>
// jpeglib.h needs size_t and FILE before it.
#include <jerror.h>
#include <jpeglib.h>

#include <array>

namespace checkerlab::model {

struct JpegRows::State {
  jpeg_decompress_struct info{};
  jpeg_error_mgr errors{};
  std::jmp_buf escape{};
  std::array<char, JMSG_LENGTH_MAX> message{};
  const std::uint8_t* data = nullptr;
  std::size_t size = 0;
};

namespace {

struct Hooks {
  std::jmp_buf* escape;
  char* message;
};

[[noreturn]] void leave(j_common_ptr info) {
  auto* hooks = static_cast<Hooks*>(info->client_data);
  info->err->format_message(info, hooks->message);
  std::longjmp(*hooks->escape, 1);
}

// Warnings that leave every pixel in place.
bool is_harmless(int code) {
  return code == JWRN_EXTRANEOUS_DATA || code == JWRN_ADOBE_XFORM || code == JWRN_JFIF_MAJOR || code == JWRN_BOGUS_ICC;
}

void on_message(j_common_ptr info, int level) {
  if (level < 0 && !is_harmless(info->err->msg_code)) leave(info);
}

void write_nothing(j_common_ptr) {}

}  // namespace

JpegRows::JpegRows(const std::uint8_t* data, std::size_t size) : state_(std::make_unique<State>()) {
  auto& state = *state_;
  state.data = data;
  state.size = size;
  state.info.err = jpeg_std_error(&state.errors);
  state.errors.error_exit = leave;
  state.errors.emit_message = on_message;
  state.errors.output_message = write_nothing;
}

JpegRows::~JpegRows() {
  jpeg_destroy_decompress(&state_->info);
}

bool JpegRows::read_header() {
  auto* const state = state_.get();
  Hooks hooks{&state->escape, state->message.data()};
  state->info.client_data = &hooks;
  if (setjmp(state->escape) != 0) return false;
  jpeg_create_decompress(&state->info);
  state->info.client_data = &hooks;
  jpeg_mem_src(&state->info, state->data, state->size);
  jpeg_read_header(&state->info, TRUE);
  return true;
}

std::int64_t JpegRows::width() const {
  return state_->info.image_width;
}

std::int64_t JpegRows::height() const {
  return state_->info.image_height;
}

bool JpegRows::read_pixels(std::uint8_t* pixels) {
  auto* const state = state_.get();
  Hooks hooks{&state->escape, state->message.data()};
  state->info.client_data = &hooks;
  if (setjmp(state->escape) != 0) return false;
  if (state->info.jpeg_color_space == JCS_CMYK || state->info.jpeg_color_space == JCS_YCCK) {
    std::snprintf(state->message.data(), state->message.size(), "its colours are CMYK; only RGB and grey are read");
    return false;
  }
  state->info.out_color_space = JCS_RGB;
  jpeg_start_decompress(&state->info);
  while (state->info.output_scanline < state->info.output_height) {
    JSAMPROW row = pixels + std::size_t{state->info.output_scanline} * state->info.output_width * 3;
    jpeg_read_scanlines(&state->info, &row, 1);
  }
  jpeg_finish_decompress(&state->info);
  return true;
}

std::string JpegRows::error() const {
  return state_->message.data();
}

}  // namespace checkerlab::model
