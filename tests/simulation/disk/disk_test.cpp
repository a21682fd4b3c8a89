// The simulated disk under real SQLite: what was committed survives every death, what was not may go in any way.
#include <SQLiteCpp/SQLiteCpp.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "tests/simulation/disk/vfs.hpp"

namespace checkerlab::simulation {
namespace {

constexpr const char* kFile = "/a.db";

SQLite::Database open(Disk& disk) {
  register_vfs();
  mount(disk);
  SQLite::Database database(kFile, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, 0, kVfsName);
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 20");
  return database;
}

// Inserts until the disk dies or refuses; gives how many were committed.
int insert(SQLite::Database& database, int rows) {
  for (int row = 1; row <= rows; ++row) {
    try {
      database.exec("INSERT INTO t (text) VALUES (hex(zeroblob(700)))");
    } catch (const SQLite::Exception&) {
      return row - 1;
    }
  }
  return rows;
}

int count(SQLite::Database& database) {
  EXPECT_EQ(database.execAndGet("PRAGMA integrity_check").getString(), "ok");
  return database.execAndGet("SELECT COUNT(*) FROM t").getInt();
}

class DiskDeaths : public ::testing::TestWithParam<Death> {};

// Dies before each of the first operations in turn, in several ways of tearing.
TEST_P(DiskDeaths, KeepWhatWasCommittedAndNothingHalf) {
  for (std::uint32_t operations = 0; operations < 120; ++operations) {
    Disk disk;
    int committed = 0;
    {
      SQLite::Database database = open(disk);
      database.exec("CREATE TABLE t (number INTEGER PRIMARY KEY, text TEXT)");
      disk.die_after(operations, GetParam(), operations);
      committed = insert(database, 60);
    }
    ASSERT_TRUE(disk.dead());
    Disk next(disk.survivors());
    SQLite::Database database = open(next);
    const int there = count(database);
    ASSERT_GE(there, committed) << operations;
    ASSERT_LE(there, committed + 1) << operations;  // the one under way may be there
  }
}

INSTANTIATE_TEST_SUITE_P(All, DiskDeaths, ::testing::Values(Death::process, Death::power));

TEST(Disk, LosesWhatWasNotSyncedWhenThePowerGoes) {
  std::uint64_t lost = 0;
  int fewest = 60;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Disk disk;
    {
      SQLite::Database database = open(disk);
      database.exec("CREATE TABLE t (number INTEGER PRIMARY KEY, text TEXT)");
      database.exec("PRAGMA synchronous = OFF; PRAGMA wal_autocheckpoint = 0");
      EXPECT_EQ(insert(database, 10), 10);
      disk.die(Death::power, seed);
    }
    lost += disk.tally().lost_pieces;
    Disk next(disk.survivors());
    SQLite::Database database = open(next);
    fewest = std::min(fewest, count(database));
  }
  EXPECT_GT(lost, 0U);
  EXPECT_LT(fewest, 10);
}

TEST(Disk, IsFullAndHasRoomAgain) {
  Disk disk;
  SQLite::Database database = open(disk);
  database.exec("CREATE TABLE t (number INTEGER PRIMARY KEY, text TEXT)");
  disk.leave_free(30'000);
  const int fitted = insert(database, 60);
  EXPECT_LT(fitted, 60);
  EXPECT_EQ(count(database), fitted);
  EXPECT_GT(disk.tally().full, 0U);
  disk.heal();
  EXPECT_EQ(insert(database, 60), 60);
  EXPECT_EQ(count(database), fitted + 60);
}

TEST(Disk, RefusesAsOftenAsItWasTold) {
  Disk disk;
  SQLite::Database database = open(disk);
  database.exec("CREATE TABLE t (number INTEGER PRIMARY KEY, text TEXT)");
  disk.fail_after(2, 1, false);
  const int before = insert(database, 60);
  EXPECT_LT(before, 60);
  EXPECT_EQ(disk.tally().errors, 1U);
  EXPECT_EQ(insert(database, 60), 60);
  EXPECT_EQ(count(database), before + 60);
}

}  // namespace
}  // namespace checkerlab::simulation
