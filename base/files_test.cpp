#include "base/files.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/error.hpp"

namespace checkerlab {
namespace {

namespace fs = std::filesystem;

TEST(SystemFiles, WritesAtomicallyWithTheModeAskedFor) {
  const TemporaryFolder folder;
  SystemFiles files;
  const fs::path file = folder.path() / "token";
  files.write_atomic(file, "one", 0600);
  files.write_atomic(file, "two", 0600);
  EXPECT_EQ(files.read(file), "two");
  struct stat status {};
  ASSERT_EQ(::stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 1)
      << "a temporary was left";
}

TEST(SystemFiles, AFailedWriteLeavesNothingBehind) {
  const TemporaryFolder folder;
  SystemFiles files;
  fs::create_directory(folder.path() / "target");  // renaming a file over a folder fails
  EXPECT_THROW(files.write_atomic(folder.path() / "target", "data", 0644), Error);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 1);
}

TEST(SystemFiles, AFullDiskIsNamedAsSuch) {
  const Error error = errno_error(ENOSPC, "write /data/x");
  EXPECT_EQ(error.code(), ErrorCode::disk_full);
  EXPECT_NE(error.full_text().find("/data/x"), std::string::npos);
  EXPECT_FALSE(error.fix().empty());
}

TEST(SystemFiles, NamesWhatIsMissing) {
  SystemFiles files;
  try {
    files.read("/nowhere/at/all");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::not_found);
    EXPECT_NE(error.full_text().find("/nowhere/at/all"), std::string::npos);
  }
}

TEST(TemporaryFolder, IsGoneAfterwards) {
  fs::path path;
  {
    const TemporaryFolder folder;
    path = folder.path();
    ASSERT_TRUE(fs::is_directory(path));
  }
  EXPECT_FALSE(fs::exists(path));
}

}  // namespace
}  // namespace checkerlab
