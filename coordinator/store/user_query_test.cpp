#include "coordinator/store/user_query.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "coordinator/store/sql.hpp"

namespace checkerlab::coordinator {
namespace {

class UserQuery : public ::testing::Test {
 protected:
  Json run(const std::string& sql) { return run_user_query(store_, sql, limits_); }
  ErrorCode refused(const std::string& sql) {
    try {
      run(sql);
    } catch (const Error& error) {
      return error.code();
    }
    ADD_FAILURE() << "allowed: " << sql;
    return ErrorCode::internal;
  }

  TemporaryFolder folder_;
  Store store_{folder_.path() / "a.db"};
  UserQueryLimits limits_;
};

TEST_F(UserQuery, GivesColumnsAndRows) {
  const Json answer = run("select 1 as a, 'x' as b, null as c, 2.5 as d, x'00ff' as e;  -- done");
  EXPECT_EQ(answer["columns"], Json({"a", "b", "c", "d", "e"}));
  EXPECT_EQ(answer["rows"], Json::parse(R"([[1, "x", null, 2.5, "blob of 2 bytes"]])"));
  EXPECT_EQ(answer["truncated"], false);
}

TEST_F(UserQuery, ReadsAllTablesAndViewsOfTheResults) {
  for (const char* name :
       {"studies", "jobs", "points", "measurements", "fig_4a", "fig_5", "jobs_overview", "results_long", "models",
        "latency", "entropy_runs", "entropy_by_step", "entropy_of_samples", "table_1", "table_2a", "table_2b"}) {
    EXPECT_TRUE(run(std::string("select * from ") + name)["rows"].empty()) << name;
  }
  EXPECT_EQ(run("select count(*) from jobs")["rows"], Json::parse("[[0]]"));
  EXPECT_EQ(run("with t(x) as (values (1), (2)) select count(*) from t")["rows"], Json::parse("[[2]]"));
  EXPECT_EQ(run("select value from json_each('[4]')")["rows"], Json::parse("[[4]]"));
}

TEST_F(UserQuery, RefusesEverythingElse) {
  store_.write_and_wait([](SQLite::Database& database) { database.exec("CREATE TABLE secrets (token TEXT)"); });
  for (const char* sql : {"delete from jobs",
                          "update jobs set state = 'failed'",
                          "create table x (y)",
                          "drop table jobs",
                          "attach 'other.db' as o",
                          "pragma journal_mode = delete",
                          "select * from pragma_table_info('jobs')",
                          "select load_extension('x')",
                          "begin",
                          "vacuum",
                          "select * from secrets",
                          "select count(*) from secrets",
                          "select (select token from SECRETS)",
                          "select 1; select 2",
                          "",
                          "  -- nothing",
                          "selec 1",
                          "select * from nowhere",
                          "create temp table t as select 1",
                          "select * from tokens",
                          "select count(*) from tokens",
                          "select * from audit",
                          "select body from replies",
                          "select data from sqlite_dbpage",

                          "select fts3_tokenizer('simple')",
                          "attach ':memory:' as m",
                          "detach main",
                          "reindex",
                          "analyze",
                          "savepoint s",
                          "with t as (select sha256 from tokens) select * from t"}) {
    EXPECT_EQ(refused(sql), ErrorCode::invalid_argument) << sql;
  }
}

TEST_F(UserQuery, StopsAtTheDeadline) {
  limits_.time = std::chrono::milliseconds(50);
  EXPECT_EQ(refused("with recursive t(x) as (select 1 union all select x + 1 from t) select max(x) from t"),
            ErrorCode::timeout);
}

TEST_F(UserQuery, StopsWhenTold) {
  std::stop_source stop;
  stop.request_stop();
  limits_.stop = stop.get_token();
  EXPECT_EQ(refused("with recursive t(x) as (select 1 union all select x + 1 from t) select max(x) from t"),
            ErrorCode::cancelled);
}

TEST_F(UserQuery, CutsRowsAndBytes) {
  limits_.max_rows = 3;
  const std::string endless =
      "with recursive t(x) as (select 1 union all select x + 1 from t) select x, hex(zeroblob(200)) from t";
  Json answer = run(endless);
  EXPECT_EQ(answer["rows"].size(), 3U);
  EXPECT_EQ(answer["truncated"], true);
  limits_.max_rows = 1'000'000;
  limits_.max_bytes = 10'000;
  answer = run(endless);
  EXPECT_EQ(answer["truncated"], true);
  EXPECT_LT(answer["rows"].size(), 50U);
  EXPECT_EQ(refused("select zeroblob(1000000)"), ErrorCode::invalid_argument);
  answer = run("with recursive t(x) as (select 1 union all select x + 1 from t) select x, x, x, x from t");
  EXPECT_EQ(answer["truncated"], true);
  EXPECT_LT(answer["rows"].size(), 2'000U);
}

TEST_F(UserQuery, TextThatIsNoUtf8IsMadeSo) {
  EXPECT_NO_THROW((void)run("select cast(x'ff41' as text)").dump());
}

}  // namespace
}  // namespace checkerlab::coordinator
