#include "libmodel/image/npz_images.hpp"

#include <gtest/gtest.h>
#include <torch/types.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "libmodel/numpy/npy_header.hpp"

namespace checkerlab::model {
namespace {

TEST(NpzImages, holdsPixelsAndLabelsInOrder) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "samples.npz";
  const auto pixels = torch::arange(3 * 4 * 4 * 3).view({3, 4, 4, 3}).to(torch::kUInt8);
  NpzImages archive(file);
  archive.add(pixels.slice(0, 0, 2), torch::tensor({7, 8}, torch::kInt64));
  archive.add(pixels.slice(0, 2), torch::tensor({9}, torch::kInt64));
  EXPECT_FALSE(std::filesystem::exists(file));
  archive.finish();
  const std::string bytes = SystemFiles().read(file);
  const std::string raw(static_cast<const char*>(pixels.const_data_ptr()), pixels.nbytes());
  EXPECT_NE(bytes.find(npy_header("|u1", {3, 4, 4, 3}) + raw), std::string::npos);
  const std::int64_t labels[] = {7, 8, 9};
  EXPECT_NE(bytes.find(npy_header("<i8", {3}) + std::string(reinterpret_cast<const char*>(labels), sizeof labels)),
            std::string::npos);
  EXPECT_NE(bytes.find("arr_0.npy"), std::string::npos);
  EXPECT_NE(bytes.find("arr_1.npy"), std::string::npos);
}

TEST(NpzImages, leavesNothingWhenItIsNotFinished) {
  const TemporaryFolder folder;
  {
    NpzImages archive(folder.path() / "samples.npz");
    archive.add(torch::zeros({1, 2, 2, 3}, torch::kUInt8), torch::zeros({1}, torch::kInt64));
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(NpzImages, refusesWhatDoesNotFit) {
  const TemporaryFolder folder;
  NpzImages archive(folder.path() / "samples.npz");
  EXPECT_THROW(archive.finish(), Error);
  const auto label = torch::zeros({1}, torch::kInt64);
  archive.add(torch::zeros({1, 2, 2, 3}, torch::kUInt8), label);
  EXPECT_THROW(archive.add(torch::zeros({1, 3, 3, 3}, torch::kUInt8), label), Error);
  EXPECT_THROW(archive.add(torch::zeros({2, 2, 2, 3}, torch::kUInt8), label), Error);
  EXPECT_THROW(archive.add(torch::zeros({1, 2, 2, 3}), label), Error);
  EXPECT_THROW(NpzImages(folder.path() / "no" / "such" / "folder.npz"), Error);
}

}  // namespace
}  // namespace checkerlab::model
