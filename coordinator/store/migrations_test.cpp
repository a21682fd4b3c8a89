#include "coordinator/store/migrations.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/files.hpp"
#include "base/testing/error_of.hpp"
#include "coordinator/store/store.hpp"

namespace checkerlab::coordinator {
namespace {

using ::testing::HasSubstr;

const Migration kFirst{1, "0001_first.sql", "CREATE TABLE first (x INTEGER); INSERT INTO first VALUES (7);"};
const Migration kSecond{2, "0002_second.sql", "ALTER TABLE first ADD COLUMN y INTEGER DEFAULT 3;"};
const Migration kBroken{2, "0002_broken.sql", "CREATE TABLE half (x INTEGER); INSERT INTO nowhere VALUES (1);"};

TEST(Migrations, RunOnceEachAndKeepTheData) {
  SQLite::Database database(":memory:", SQLite::OPEN_READWRITE);
  EXPECT_EQ(migrate(database, {kFirst}, 1), 1);
  EXPECT_EQ(migrate(database, {kFirst, kSecond}, 2), 2);
  EXPECT_EQ(migrate(database, {kFirst, kSecond}, 3), 2);
  EXPECT_EQ(database.execAndGet("SELECT x + y FROM first").getInt(), 10);
  EXPECT_EQ(database.execAndGet("SELECT COUNT(*) FROM schema_migrations").getInt(), 2);
}

TEST(Migrations, AFailedOneLeavesTheDatabaseAsItWas) {
  SQLite::Database database(":memory:", SQLite::OPEN_READWRITE);
  migrate(database, {kFirst}, 1);
  const Error error = error_of([&] { migrate(database, {kFirst, kBroken}, 2); });
  EXPECT_THAT(error.what(), HasSubstr("0002_broken.sql"));
  EXPECT_FALSE(database.tableExists("half"));
  EXPECT_EQ(database.execAndGet("SELECT MAX(version) FROM schema_migrations").getInt(), 1);
}

TEST(Migrations, ANewerSchemaIsRefusedUntouched) {
  SQLite::Database database(":memory:", SQLite::OPEN_READWRITE);
  migrate(database, {kFirst, kSecond}, 1);
  const Error error = error_of([&] { migrate(database, {kFirst}, 2); });
  EXPECT_EQ(error.code(), ErrorCode::version_mismatch);
  EXPECT_THAT(error.what(), HasSubstr("schema 2"));
  EXPECT_FALSE(error.fix().empty());
}

TEST(Migrations, BuiltInOnesAreNumberedWithoutGaps) {
  const auto migrations = built_in_migrations();
  ASSERT_FALSE(migrations.empty());
  for (std::size_t i = 0; i < migrations.size(); ++i)
    EXPECT_EQ(migrations[i].version, static_cast<int>(i) + 1);
}

TEST(Migrations, StudiesOfOlderDatabasesHaveTheirDefinitionAsFirstRevision) {
  SQLite::Database database(":memory:", SQLite::OPEN_READWRITE);
  auto migrations = built_in_migrations();
  const std::vector<Migration> before(migrations.begin(), migrations.begin() + 3);
  migrate(database, before, 1);
  database.exec(
      "INSERT INTO studies (number, id, name, title, definition, filename, overrides, state, jobs_total, "
      "points_total, created_at) VALUES (1, 'abc', 'old', 'Old', 'schema: 1', 'old.yaml', '[]', 'succeeded', 7, 2, 5)");
  migrate(database, migrations, 2);
  EXPECT_EQ(database.execAndGet("SELECT definition FROM study_revisions WHERE study = 1 AND number = 1").getString(),
            "schema: 1");
  EXPECT_EQ(database.execAndGet("SELECT jobs_added FROM study_revisions").getInt(), 7);
  EXPECT_EQ(database.execAndGet("SELECT revision + paused FROM studies").getInt(), 1);
}

TEST(Store, AFileOfANewerSchemaIsRefused) {
  const TemporaryFolder folder;
  Store(folder.path() / "a.db", {}).write_and_wait([](SQLite::Database& database) {
    database.exec("INSERT INTO schema_migrations VALUES (999, 'future', 0)");
  });
  EXPECT_EQ(error_of([&] { Store(folder.path() / "a.db", {}); }).code(), ErrorCode::version_mismatch);
}

TEST(Store, AFileThatIsNoDatabaseIsRefused) {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "a.db") << std::string(8192, 'x');
  EXPECT_EQ(error_of([&] { Store(folder.path() / "a.db", {}); }).code(), ErrorCode::invalid_data);
}

}  // namespace
}  // namespace checkerlab::coordinator
