// The transform against Pillow's results, bit for bit.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "base/sha256.hpp"
#include "libmodel/image/crop.hpp"
#include "libmodel/image/decode.hpp"
#include "libmodel/image/resize.hpp"
#include "libmodel/image/testing/read_bytes.hpp"

namespace checkerlab::model {
namespace {

std::string hash_of(const Image& image) {
  return sha256_hex({reinterpret_cast<const char*>(image.pixels.data()), image.pixels.size()});
}

class TransformGolden : public testing::TestWithParam<const char*> {
 protected:
  TransformGolden() {
    std::ifstream file(kGoldenTransform / "expected.json");
    expected_ = nlohmann::json::parse(file).at("images").at(GetParam());
    image_ = decode_image(read_bytes(kGoldenTransform / GetParam()), GetParam());
  }
  nlohmann::json expected_;
  Image image_;
};

TEST_P(TransformGolden, DecodesToTheSamePixels) {
  EXPECT_EQ(hash_of(image_), expected_.at("sha256_rgb").get<std::string>());
}

TEST_P(TransformGolden, ResizesToTheSameSizes) {
  const auto resized = resize_shorter_side(image_, 140);
  const auto last = expected_.at("sizes_w_h").back();
  EXPECT_EQ(resized.width, last.at(0).get<std::int64_t>());
  EXPECT_EQ(resized.height, last.at(1).get<std::int64_t>());
}

TEST_P(TransformGolden, GivesTheSameCrops) {
  const auto cropped = centre_crop(resize_shorter_side(image_, ten_crop_source_side(128)), ten_crop_source_side(128));
  EXPECT_EQ(hash_of(cropped), expected_.at("sha256_crop").get<std::string>());
  const auto crops = ten_crop(cropped, 128);
  for (std::size_t i = 0; i < crops.size(); ++i) {
    EXPECT_EQ(hash_of(crops[i]), expected_.at("sha256_tencrop").at(i).get<std::string>()) << "crop " << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Images, TransformGolden,
                         testing::Values("a_613x407.jpg", "b_300x900.png", "c_117x131.png", "d_512x512_gray.png"));

}  // namespace
}  // namespace checkerlab::model
