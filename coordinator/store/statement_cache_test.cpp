#include "coordinator/store/statement_cache.hpp"

#include <gtest/gtest.h>

#include "coordinator/store/sql.hpp"

namespace checkerlab::coordinator {
namespace {

class StatementCacheTest : public testing::Test {
 protected:
  StatementCacheTest() { database_.exec("CREATE TABLE t (x INTEGER, y TEXT)"); }

  std::int64_t rows() { return database_.execAndGet("SELECT COUNT(*) FROM t").getInt64(); }

  SQLite::Database database_{":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
  StatementCache cache_{database_};
};

TEST_F(StatementCacheTest, KeepsWhatIsUsedInItsScopeAlone) {
  execute(database_, "INSERT INTO t VALUES (?, ?)", std::int64_t{1}, std::string("before"));
  EXPECT_EQ(cache_.size(), 0u);
  const StatementCache::Scope scope(cache_);
  for (std::int64_t i = 0; i < 3; ++i)
    execute(database_, "INSERT INTO t VALUES (?, ?)", i, std::string("within"));
  EXPECT_EQ(cache_.size(), 1u);
  EXPECT_EQ(rows(), 4);
}

TEST_F(StatementCacheTest, AnotherConnectionIsNotServed) {
  SQLite::Database other(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  const StatementCache::Scope scope(cache_);
  execute(other, "CREATE TABLE t (x INTEGER, y TEXT)");
  EXPECT_EQ(cache_.size(), 0u);
}

TEST_F(StatementCacheTest, NothingBoundIsLeftForTheNextUse) {
  const StatementCache::Scope scope(cache_);
  execute(database_, "INSERT INTO t VALUES (?, ?)", std::int64_t{1}, std::string("text"));
  execute(database_, "INSERT INTO t VALUES (?, ?)", std::int64_t{2});
  EXPECT_TRUE(database_.execAndGet("SELECT y FROM t WHERE x = 2").isNull());
}

TEST_F(StatementCacheTest, TheSameQueryInsideItself) {
  const StatementCache::Scope scope(cache_);
  for (std::int64_t i = 0; i < 3; ++i)
    execute(database_, "INSERT INTO t (x) VALUES (?)", i);
  int pairs = 0;
  for_each_row(database_, "SELECT x FROM t", [&](SQLite::Statement&) {
    for_each_row(database_, "SELECT x FROM t", [&](SQLite::Statement&) { ++pairs; });
  });
  EXPECT_EQ(pairs, 9);
}

TEST_F(StatementCacheTest, AFailedStatementWorksAgain) {
  database_.exec("CREATE UNIQUE INDEX once ON t (x)");
  const StatementCache::Scope scope(cache_);
  const auto insert = [&](std::int64_t x) { execute(database_, "INSERT INTO t (x) VALUES (?)", x); };
  insert(1);
  EXPECT_THROW(insert(1), SQLite::Exception);
  insert(2);
  EXPECT_EQ(rows(), 2);
}

TEST_F(StatementCacheTest, AHalfReadQueryHoldsNothing) {
  const StatementCache::Scope scope(cache_);
  execute(database_, "INSERT INTO t (x) VALUES (1), (2)");
  EXPECT_THROW(
      for_each_row(database_, "SELECT x FROM t", [](SQLite::Statement&) { throw std::runtime_error("enough"); }),
      std::runtime_error);
  EXPECT_NO_THROW(database_.exec("DROP TABLE t"));  // which a statement under way would forbid
}

TEST_F(StatementCacheTest, TextsWithoutEndAreNotKept) {
  const StatementCache::Scope scope(cache_);
  for (std::size_t i = 0; i < StatementCache::kMost + 10; ++i)
    for_each_row(database_, "SELECT x FROM t WHERE x = " + std::to_string(i), [](SQLite::Statement&) {});
  EXPECT_EQ(cache_.size(), StatementCache::kMost);
}

}  // namespace
}  // namespace checkerlab::coordinator
