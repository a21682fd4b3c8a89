#include "libmodel/image/decode.hpp"

#include <gtest/gtest.h>

#include <cstdio>
// jpeglib.h and png.h need stdio before them.
#include <jpeglib.h>
#include <png.h>

#include <cstdlib>

#include "libmodel/image/encode_png.hpp"
#include "libmodel/image/testing/read_bytes.hpp"
#include "libmodel/modules/testing/expect_error.hpp"

namespace checkerlab::model {
namespace {

using Bytes = std::vector<std::uint8_t>;

Image pattern(std::int64_t width, std::int64_t height) {
  Image image(width, height);
  for (std::size_t i = 0; i < image.pixels.size(); ++i)
    image.pixels[i] = static_cast<std::uint8_t>(i * 7 + i / 5);
  return image;
}

Bytes write_png(png_uint_32 format, png_uint_32 side, const void* pixels, const void* colours) {
  png_image header{};
  header.version = PNG_IMAGE_VERSION;
  header.width = header.height = side;
  header.format = format;
  header.colormap_entries = 2;
  Bytes file(10000);
  png_alloc_size_t size = file.size();
  EXPECT_NE(png_image_write_to_memory(&header, file.data(), &size, 0, pixels, 0, colours), 0) << header.message;
  file.resize(size);
  return file;
}

// `stored`: the colour space in the file, where it is not the one that the library takes for `space`.
Bytes write_jpeg(int components, J_COLOR_SPACE space, int side, J_COLOR_SPACE stored = JCS_UNKNOWN) {
  jpeg_compress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* buffer = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&info, &buffer, &size);
  info.image_width = info.image_height = static_cast<JDIMENSION>(side);
  info.input_components = components;
  info.in_color_space = space;
  jpeg_set_defaults(&info);
  if (stored != JCS_UNKNOWN) jpeg_set_colorspace(&info, stored);
  jpeg_start_compress(&info, TRUE);
  Bytes row(static_cast<std::size_t>(side * components), 128);
  JSAMPROW rows[1] = {row.data()};
  while (info.next_scanline < info.image_height)
    jpeg_write_scanlines(&info, rows, 1);
  jpeg_finish_compress(&info);
  Bytes file(buffer, buffer + size);
  jpeg_destroy_compress(&info);
  std::free(buffer);
  return file;
}

TEST(Decode, ReadsWhatWasWrittenAsPng) {
  const auto image = pattern(37, 23);
  EXPECT_EQ(decode_image(encode_png(image), "a.png"), image);
}

TEST(Decode, RepeatsGrey) {
  const Bytes grey{0, 50, 100, 255};
  const auto image = decode_image(write_png(PNG_FORMAT_GRAY, 2, grey.data(), nullptr), "grey.png");
  EXPECT_EQ(image.pixels, (Bytes{0, 0, 0, 50, 50, 50, 100, 100, 100, 255, 255, 255}));
  const auto jpeg = decode_image(write_jpeg(1, JCS_GRAYSCALE, 8), "grey.jpg");
  EXPECT_EQ(jpeg.pixels, Bytes(8 * 8 * 3, 128));
}

TEST(Decode, DropsAlpha) {
  const Bytes rgba{10, 20, 30, 0, 40, 50, 60, 255, 1, 2, 3, 128, 7, 8, 9, 5};
  const auto image = decode_image(write_png(PNG_FORMAT_RGBA, 2, rgba.data(), nullptr), "alpha.png");
  EXPECT_EQ(image.pixels, (Bytes{10, 20, 30, 40, 50, 60, 1, 2, 3, 7, 8, 9}));
}

TEST(Decode, LooksUpPalettes) {
  const Bytes indices{0, 1, 1, 0};
  const Bytes colours{11, 22, 33, 200, 100, 50};
  const auto image = decode_image(write_png(PNG_FORMAT_RGB_COLORMAP, 2, indices.data(), colours.data()), "palette.png");
  EXPECT_EQ(image.pixels, (Bytes{11, 22, 33, 200, 100, 50, 200, 100, 50, 11, 22, 33}));
}

TEST(Decode, RoundsSixteenBits) {
  const std::vector<std::uint16_t> wide{0x1234, 0xff00, 0x0080};
  const auto image = decode_image(write_png(PNG_FORMAT_LINEAR_RGB, 1, wide.data(), nullptr), "wide.png");
  EXPECT_EQ(image.pixels, (Bytes{0x12, 0xfe, 0x00}));
}

// All four inks are stored as 128, inverted: ink 127/255, light 128/255, so 128 - 127 * 128 / 255.
TEST(Decode, TurnsInksIntoLight) {
  for (const auto stored : {JCS_CMYK, JCS_YCCK}) {
    const auto image = decode_image(write_jpeg(4, JCS_CMYK, 8, stored), "print.jpg");
    EXPECT_EQ(image.pixels, Bytes(8 * 8 * 3, 64));
  }
}

TEST(Decode, NamesWhatIsNoImage) {
  const Bytes text{'h', 'e', 'l', 'l', 'o'};
  expect_error(ErrorCode::invalid_data, "notes.png cannot be read: it is neither",
               [&] { decode_image(text, "notes.png"); });
  expect_error(ErrorCode::invalid_data, "notes.jpg", [&] { decode_image(text, "notes.jpg"); });
  expect_error(ErrorCode::invalid_data, "empty", [&] { decode_image(Bytes{}, "x.png"); });
}

TEST(Decode, RefusesWhatIsCutShortAnywhere) {
  for (const auto* name : {"a_613x407.jpg", "c_117x131.png"}) {
    const auto file = read_bytes(kGoldenTransform / name);
    ASSERT_GT(file.size(), 1000u);
    for (std::size_t size = 0; size < file.size() - 2; size += 499) {
      const Bytes part(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size));
      expect_error(ErrorCode::invalid_data, name, [&] { decode_image(part, name); });
    }
  }
}

TEST(Decode, SurvivesDamagedBytes) {
  for (const auto* name : {"a_613x407.jpg", "c_117x131.png"}) {
    const auto file = read_bytes(kGoldenTransform / name);
    int refused = 0;
    for (std::size_t at = 0; at < file.size(); at += 307) {
      auto damaged = file;
      for (std::size_t i = at; i < std::min(at + 4, file.size()); ++i)
        damaged[i] ^= 0xa5;
      try {
        const auto image = decode_image(damaged, name);
        EXPECT_EQ(image.pixels.size(), static_cast<std::size_t>(image.width * image.height * 3));
      } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::invalid_data);
        ++refused;
      }
    }
    EXPECT_GT(refused, 5) << name;
  }
}

TEST(Decode, RespectsLimits) {
  const auto file = encode_png(pattern(40, 10));
  expect_error(ErrorCode::invalid_data, "x.png", [&] { decode_image(file, "x.png", {.max_side = 39}); });
  expect_error(ErrorCode::invalid_data, "limit", [&] { decode_image(file, "x.png", {.max_pixels = 399}); });
  expect_error(ErrorCode::invalid_data, "limit", [&] { decode_image(file, "x.png", {.max_bytes = 20}); });
  EXPECT_EQ(decode_image(file, "x.png", {.max_side = 40, .max_pixels = 400}).width, 40);
}

}  // namespace
}  // namespace checkerlab::model
