#include "base/given_file.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "base/files.hpp"
#include "base/fingerprint.hpp"
#include "base/sha256.hpp"

namespace checkerlab {
namespace {

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

TEST(GivenFile, IsNamedByItsBytes) {
  const TemporaryFolder folder;
  write(folder.path() / "a.pth", "weights");
  EXPECT_EQ(given_file_sha256(folder.path() / "a.pth", true), sha256_hex("weights"));
  EXPECT_EQ(given_file_sha256(folder.path(), false), content_sha256(folder.path()));
}

TEST(GivenFile, TheConfigurationBesideACheckpointIsPartOfIt) {
  const TemporaryFolder folder;
  write(folder.path() / "a.pth", "weights");
  write(folder.path() / "a.safetensors", "weights");
  write(folder.path() / "config.yaml", "heads: 16");
  const auto sixteen = given_file_sha256(folder.path() / "a.pth", true);
  write(folder.path() / "config.yaml", "heads: 8");
  EXPECT_NE(given_file_sha256(folder.path() / "a.pth", true), sixteen);
  EXPECT_EQ(given_file_sha256(folder.path() / "a.pth", false), sha256_hex("weights"));
  EXPECT_EQ(given_file_sha256(folder.path() / "a.safetensors", true), sha256_hex("weights"));
}

}  // namespace
}  // namespace checkerlab
