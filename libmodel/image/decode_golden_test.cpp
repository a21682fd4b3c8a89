// Formats and colour layouts against what Pillow makes of the same files, bit for bit.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "base/sha256.hpp"
#include "libmodel/image/decode.hpp"
#include "libmodel/image/testing/read_bytes.hpp"
#include "libmodel/modules/testing/expect_error.hpp"

namespace checkerlab::model {
namespace {

const std::filesystem::path kFolder = std::filesystem::path(CHECKERLAB_TEST_DATA) / "golden_decode";

std::string hash_of(const Image& image) {
  return sha256_hex({reinterpret_cast<const char*>(image.pixels.data()), image.pixels.size()});
}

nlohmann::json expected_images() {
  std::ifstream file(kFolder / "expected.json");
  return nlohmann::json::parse(file).at("images");
}

TEST(DecodeGolden, GivesPillowsPixels) {
  const auto images = expected_images();
  EXPECT_GE(images.size(), 25u);
  for (const auto& [name, expected] : images.items()) {
    const auto file = read_bytes(kFolder / name);
    const auto stored = decode_image(file, name, {}, Pose::as_stored);
    EXPECT_EQ(stored.width, 23) << name;
    EXPECT_EQ(hash_of(stored), expected.at("stored").get<std::string>()) << name;
    const auto upright = decode_image(file, name);
    EXPECT_EQ(upright.width, expected.at("size").at(0).get<std::int64_t>()) << name;
    EXPECT_EQ(hash_of(upright), expected.at("upright").get<std::string>()) << name;
  }
}

// Every file cut anywhere is refused by name, or (where only an ending without pixels is missing) read whole.
TEST(DecodeGolden, RefusesFilesCutShort) {
  const auto images = expected_images();
  for (const auto& [name, expected] : images.items()) {
    const auto file = read_bytes(kFolder / name);
    int refused = 0;
    for (std::size_t size = 0; size < file.size(); size += 3) {
      const std::vector<std::uint8_t> part(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size));
      try {
        EXPECT_EQ(hash_of(decode_image(part, name, {}, Pose::as_stored)), expected.at("stored").get<std::string>());
      } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::invalid_data);
        EXPECT_NE(std::string(error.what()).find(name), std::string::npos) << error.what();
        ++refused;
      }
    }
    EXPECT_GT(refused, static_cast<int>(file.size() / 3 * 2 / 3)) << name;
  }
}

TEST(DecodeGolden, SurvivesAnyDamagedByte) {
  const auto images = expected_images();
  for (const auto& [name, expected] : images.items()) {
    const auto file = read_bytes(kFolder / name);
    for (std::size_t at = 0; at < file.size(); ++at) {
      auto damaged = file;
      damaged[at] ^= 0x5a;
      try {
        const auto image = decode_image(damaged, name, {.max_pixels = 1 << 16});
        EXPECT_EQ(image.pixels.size(), static_cast<std::size_t>(image.width * image.height * 3)) << name << at;
      } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::invalid_data);
      }
    }
  }
}

TEST(DecodeGolden, ChecksEveryFormatsSizeBeforeTakingMemory) {
  for (const auto* name : {"lossy.webp", "lossless.webp", "gray.jpg", "interlaced.png"}) {
    const auto file = read_bytes(kFolder / name);
    expect_error(ErrorCode::invalid_data, "limit", [&] { decode_image(file, name, {.max_pixels = 23 * 17 - 1}); });
    expect_error(ErrorCode::invalid_data, name, [&] { decode_image(file, name, {.max_side = 22}); });
    EXPECT_EQ(decode_image(file, name, {.max_side = 23, .max_pixels = 23 * 17}).height, 17);
  }
}

}  // namespace
}  // namespace checkerlab::model
