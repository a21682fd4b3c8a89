#include "base/fingerprint.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/sha256.hpp"

namespace checkerlab {
namespace {

namespace fs = std::filesystem;

void put(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
}

ErrorCode code_of(const fs::path& path) {
  try {
    fingerprint(path);
  } catch (const Error& error) {
    return error.code();
  }
  return ErrorCode::internal;
}

TEST(Fingerprint, IsTheHashOfNamesSizesAndContents) {
  const TemporaryFolder folder;
  put(folder.path() / "b.txt", "two");
  put(folder.path() / "a" / "x.txt", "one");
  const auto nul = std::string(1, '\0');
  const auto expected = sha256_hex("a/x.txt" + nul + "3" + nul + sha256_hex("one") + "\n" +  //
                                   "b.txt" + nul + "3" + nul + sha256_hex("two") + "\n");
  const auto result = fingerprint(folder.path());
  EXPECT_EQ(result.sha256, expected);
  EXPECT_EQ(result.files, 2u);
  EXPECT_EQ(result.bytes, 6u);
}

TEST(Fingerprint, DoesNotDependOnTheFoldersPlace) {
  const TemporaryFolder one;
  const TemporaryFolder two;
  for (const auto* folder : {&one, &two})
    put(folder->path() / "c" / "x", "same");
  EXPECT_EQ(content_sha256(one.path()), content_sha256(two.path()));
  EXPECT_EQ(content_sha256(one.path() / "c" / "x"), content_sha256(two.path() / "c" / "x"));
}

TEST(Fingerprint, ChangesWithContentAndName) {
  const TemporaryFolder folder;
  put(folder.path() / "x", "one");
  const auto before = content_sha256(folder.path());
  put(folder.path() / "x", "two");
  const auto changed = content_sha256(folder.path());
  fs::rename(folder.path() / "x", folder.path() / "y");
  EXPECT_NE(before, changed);
  EXPECT_NE(changed, content_sha256(folder.path()));
}

TEST(Fingerprint, RefusesWhatHasNoContent) {
  const TemporaryFolder folder;
  EXPECT_EQ(code_of(folder.path() / "nowhere"), ErrorCode::not_found);
  EXPECT_EQ(code_of(folder.path()), ErrorCode::invalid_argument);
  fs::create_directory(folder.path() / "real");
  fs::create_directory_symlink(folder.path() / "real", folder.path() / "link");
  EXPECT_EQ(code_of(folder.path()), ErrorCode::invalid_argument);
  fs::remove(folder.path() / "link");
  fs::create_symlink(folder.path() / "gone", folder.path() / "dangling");
  EXPECT_EQ(code_of(folder.path()), ErrorCode::io_error);
}

}  // namespace
}  // namespace checkerlab
