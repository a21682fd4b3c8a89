#include "coordinator/store/migrate_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "base/files.hpp"
#include "base/testing/error_of.hpp"
#include "coordinator/store/store.hpp"

namespace checkerlab::coordinator {
namespace {

namespace fs = std::filesystem;

const Migration kFirst{1, "0001_first.sql", "CREATE TABLE first (x INTEGER); INSERT INTO first VALUES (7);"};
const Migration kSecond{2, "0002_second.sql", "ALTER TABLE first ADD COLUMN y INTEGER DEFAULT 3;"};
const Migration kThird{3, "0003_third.sql", "CREATE TABLE third (x INTEGER);"};
const Migration kBroken{3, "0003_broken.sql", "CREATE TABLE half (x INTEGER); INSERT INTO nowhere VALUES (1);"};
const Migration kUnsound{3, "0003_unsound.sql",
                         "CREATE TABLE parent (p INTEGER PRIMARY KEY); CREATE TABLE orphan (x REFERENCES parent); "
                         "PRAGMA defer_foreign_keys = ON; INSERT INTO orphan VALUES (1);"};

class MigrateFile : public ::testing::Test {
 protected:
  MigrateFile() {
    SQLite::Database database(file_.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    database.exec("PRAGMA journal_mode = WAL");
    migrate(database, {kFirst}, 1);
  }
  static std::string bytes(const fs::path& file) { return SystemFiles().read(file); }
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_.path())) {
      const std::string name = entry.path().filename().string();
      if (!name.ends_with("-shm") && !name.ends_with("-wal")) names.push_back(name);
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  TemporaryFolder folder_;
  const fs::path file_ = folder_.path() / "a.db";
};

TEST_F(MigrateFile, KeepsTheOldFile) {
  const std::string before = bytes(file_);
  const auto kept = migrate_file(file_, {kFirst, kSecond}, 2);
  ASSERT_TRUE(kept.has_value());
  EXPECT_EQ(kept->filename(), "a.db.schema-1");
  SQLite::Database old(kept->string(), SQLite::OPEN_READONLY);
  EXPECT_EQ(old.execAndGet("SELECT x FROM first").getInt(), 7);
  EXPECT_EQ(present_version(old), 1);
  SQLite::Database now(file_.string(), SQLite::OPEN_READONLY);
  EXPECT_EQ(now.execAndGet("SELECT x + y FROM first").getInt(), 10);
  EXPECT_FALSE(migrate_file(file_, {kFirst, kSecond}, 3).has_value());  // there is nothing more to do
  EXPECT_THAT(names(), ::testing::ElementsAre("a.db", "a.db.schema-1"));
}

TEST_F(MigrateFile, AFailedOneLeavesTheFileByteForByte) {
  const std::string before = bytes(file_);
  const auto inode_time = fs::last_write_time(file_);
  for (const Migration& bad : {kBroken, kUnsound}) {
    const Error error = error_of([&] { migrate_file(file_, {kFirst, kSecond, bad}, 2); });
    EXPECT_EQ(error.code(), ErrorCode::internal) << bad.name << ": " << error.what();
    EXPECT_EQ(bytes(file_), before) << bad.name;
    EXPECT_EQ(fs::last_write_time(file_), inode_time) << bad.name;
    EXPECT_THAT(names(), ::testing::ElementsAre("a.db")) << bad.name;
  }
}

TEST_F(MigrateFile, TakesWhatStandsInTheLogOnly) {
  {
    SQLite::Database writer(file_.string(), SQLite::OPEN_READWRITE);
    writer.exec("PRAGMA wal_autocheckpoint = 0; INSERT INTO first VALUES (8)");
    fs::copy_file(file_, folder_.path() / "b.db");
    fs::copy_file(file_.string() + "-wal", folder_.path() / "b.db-wal");  // as a kill leaves it
  }
  const fs::path killed = folder_.path() / "b.db";
  const std::string before = bytes(killed);
  error_of([&] { migrate_file(killed, {kFirst, kSecond, kBroken}, 2); });
  EXPECT_EQ(bytes(killed), before);
  migrate_file(killed, {kFirst, kSecond}, 2);
  SQLite::Database now(killed.string(), SQLite::OPEN_READONLY);
  EXPECT_EQ(now.execAndGet("SELECT SUM(x + y) FROM first").getInt(), 21);
}

// A disk without room: no file of this process may grow beyond a few kB.
TEST_F(MigrateFile, AFullDiskLeavesTheFileByteForByte) {
  {
    SQLite::Database database(file_.string(), SQLite::OPEN_READWRITE);
    database.exec(
        "CREATE TABLE big AS WITH RECURSIVE t (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM t WHERE i < 500) "
        "SELECT hex(randomblob(500)) AS x FROM t; PRAGMA wal_checkpoint(TRUNCATE)");
  }
  const std::string before = bytes(file_);
  const pid_t child = ::fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{100'000, 100'000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    try {
      migrate_file(file_, {kFirst, kSecond}, 2);
      ::_exit(0);
    } catch (const Error&) {
      ::_exit(7);
    }
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 7);
  EXPECT_EQ(bytes(file_), before);
  EXPECT_THAT(names(), ::testing::ElementsAre("a.db"));
}

TEST_F(MigrateFile, LeavesNewAndNewerFilesAlone) {
  EXPECT_FALSE(migrate_file(folder_.path() / "none.db", {kFirst}, 1).has_value());
  migrate_file(file_, {kFirst, kSecond, kThird}, 2);
  const std::string newest = bytes(file_);
  EXPECT_FALSE(migrate_file(file_, {kFirst, kSecond}, 3).has_value());
  EXPECT_EQ(bytes(file_), newest);
}

// Every schema there was, as the built-in migrations made it, comes to the present one and keeps its rows.
TEST(OldDatabases, MigrateFromEverySchema) {
  const auto all = built_in_migrations();
  for (std::size_t count = 1; count < all.size(); ++count) {
    const TemporaryFolder folder;
    const fs::path file = folder.path() / "checkerlab.db";
    {
      SQLite::Database database(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
      migrate(database, {all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count)}, 1);
      database.exec(
          "INSERT INTO workers (id, name, version, device, slots, state, connected_at, last_seen_at) VALUES "
          "('w', 'w', '1', '{}', 1, 'offline', 1, 1);"
          "INSERT INTO jobs (number, key, kind, label, spec, hints, state, created_at, changed_at) VALUES "
          "(1, 'k', 'noop', '', '{}', '{}', 'queued', 5, 5);"
          "INSERT INTO checkpoints VALUES (1, 1, 10, 'state', 'abc', 3, 6)");
      if (database.tableExists("checkpoint_history"))
        database.exec("INSERT INTO checkpoint_history VALUES (1, 1, 10, 'abc', 3, 6)");
    }
    const Store store(file);
    EXPECT_EQ(store.schema_version(), all.back().version) << all[count].name;
    EXPECT_EQ(store.read([](SQLite::Database& database) {
      return database.execAndGet("SELECT COUNT(*) FROM checkpoint_history WHERE sha256 = 'abc'").getInt();
    }),
              1);
    EXPECT_TRUE(fs::exists(file.string() + ".schema-" + std::to_string(all[count - 1].version)));
  }
}

}  // namespace
}  // namespace checkerlab::coordinator
