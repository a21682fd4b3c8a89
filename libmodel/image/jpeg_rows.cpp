#include "libmodel/image/jpeg_rows.hpp"

#include <csetjmp>
#include <cstdio>
// jpeglib.h needs size_t and FILE before it.
#include <jerror.h>
#include <jpeglib.h>

#include <array>
#include <cstring>

namespace checkerlab::model {

struct JpegRows::State {
  jpeg_decompress_struct info{};
  jpeg_error_mgr errors{};
  jpeg_progress_mgr progress{};
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

constexpr int kExifMarker = JPEG_APP0 + 1;
// A progressive file refines the whole image with every scan, however few bytes that takes: real encoders need about
// ten.
constexpr int kMaxScans = 200;

void stop_endless_scans(j_common_ptr info) {
  if (info->is_decompressor == 0) return;
  const auto* const decoder = reinterpret_cast<j_decompress_ptr>(info);
  if (decoder->input_scan_number <= kMaxScans) return;
  auto* const hooks = static_cast<Hooks*>(info->client_data);
  std::snprintf(hooks->message, JMSG_LENGTH_MAX, "it has more than %d scans", kMaxScans);
  std::longjmp(*hooks->escape, 1);
}

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
  state->progress.progress_monitor = stop_endless_scans;
  state->info.progress = &state->progress;
  jpeg_mem_src(&state->info, state->data, state->size);
  jpeg_save_markers(&state->info, kExifMarker, 0xffff);
  jpeg_read_header(&state->info, TRUE);
  return true;
}

std::int64_t JpegRows::width() const {
  return state_->info.image_width;
}

std::int64_t JpegRows::height() const {
  return state_->info.image_height;
}

int JpegRows::channels() const {
  const auto space = state_->info.jpeg_color_space;
  return space == JCS_CMYK || space == JCS_YCCK ? 4 : 3;
}

bool JpegRows::is_grey() const {
  return state_->info.jpeg_color_space == JCS_GRAYSCALE;
}

std::span<const std::uint8_t> JpegRows::exif() const {
  for (const auto* marker = state_->info.marker_list; marker != nullptr; marker = marker->next) {
    const bool is_exif = marker->data_length >= 6 && std::memcmp(marker->data, "Exif\0", 6) == 0;
    if (marker->marker == kExifMarker && is_exif) return {marker->data, marker->data_length};
  }
  return {};
}

bool JpegRows::read_pixels(std::uint8_t* pixels) {
  auto* const state = state_.get();
  Hooks hooks{&state->escape, state->message.data()};
  state->info.client_data = &hooks;
  if (setjmp(state->escape) != 0) return false;
  const auto channels = static_cast<std::size_t>(this->channels());
  state->info.out_color_space = channels == 4 ? JCS_CMYK : JCS_RGB;
  jpeg_start_decompress(&state->info);
  while (state->info.output_scanline < state->info.output_height) {
    JSAMPROW row = pixels + std::size_t{state->info.output_scanline} * state->info.output_width * channels;
    jpeg_read_scanlines(&state->info, &row, 1);
  }
  jpeg_finish_decompress(&state->info);
  return true;
}

std::string JpegRows::error() const {
  return state_->message.data();
}

}  // namespace checkerlab::model
