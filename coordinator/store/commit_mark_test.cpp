#include "coordinator/store/commit_mark.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/files.hpp"
#include "base/testing/error_of.hpp"
#include "coordinator/store/store.hpp"

namespace checkerlab::coordinator {
namespace {

namespace fs = std::filesystem;

class CommitMarkTest : public testing::Test {
 protected:
  fs::path file() const { return folder_.path() / "checkerlab.db"; }
  fs::path mark() const { return file().string() + ".mark"; }

  void commit(int count) const {
    Store store(file());
    for (int i = 0; i < count; ++i)
      store.write_and_wait([](SQLite::Database& database) { database.exec("CREATE TABLE IF NOT EXISTS t (x)"); });
  }
  void open() const { const Store store(file()); }

  const TemporaryFolder folder_{"checkerlab-mark"};
};

TEST_F(CommitMarkTest, GoesWithTheDatabase) {
  commit(3);
  EXPECT_EQ(SystemFiles().read(mark()), "00000003\n");
  commit(2);
  EXPECT_EQ(SystemFiles().read(mark()), "00000005\n");
}

TEST_F(CommitMarkTest, ADatabaseThatLostCommitsIsRefused) {
  commit(2);
  fs::copy_file(file(), folder_.path() / "old");
  commit(3);
  fs::copy_file(folder_.path() / "old", file(), fs::copy_options::overwrite_existing);
  const auto error = error_of([&] { open(); });
  EXPECT_EQ(error.code(), ErrorCode::invalid_data);
  EXPECT_THAT(error.full_text(),
              testing::AllOf(testing::HasSubstr("lacks the last 3 commits"), testing::HasSubstr("Restore a backup"),
                             testing::HasSubstr(mark().string())));
  fs::remove(mark());
  EXPECT_NO_THROW(open());
}

TEST_F(CommitMarkTest, AMarkThatIsBehindBrokenOrOfAnEarlierDatabaseDoesNoHarm) {
  commit(3);
  for (const char* text : {"00000002\n", "7fffffff\n", "", "0000", "not a number", "ffffffff\n"}) {
    std::ofstream(mark(), std::ios::trunc) << text;
    EXPECT_NO_THROW(open()) << text;
  }
  std::ofstream(mark(), std::ios::trunc) << "00000009\n";
  fs::remove(file());
  EXPECT_NO_THROW(open());
}

TEST_F(CommitMarkTest, ADatabaseThatIsDamagedAfterACrashIsRefused) {
  commit(1);
  const auto size = fs::file_size(file());
  std::fstream damage(file(), std::ios::in | std::ios::out | std::ios::binary);
  damage.seekp(static_cast<std::streamoff>(size) - 4096);
  damage << std::string(4096, '\x5a');
  damage.close();
  std::ofstream(file().string() + "-wal") << "what a killed coordinator leaves";
  const auto error = error_of([&] { open(); });
  EXPECT_EQ(error.code(), ErrorCode::invalid_data);
  EXPECT_THAT(error.full_text(), testing::HasSubstr("Restore a backup"));
}

}  // namespace
}  // namespace checkerlab::coordinator
