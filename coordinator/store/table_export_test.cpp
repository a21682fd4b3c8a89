#include "coordinator/store/table_export.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/files.hpp"
#include "base/testing/error_of.hpp"
#include "coordinator/store/public_copy.hpp"
#include "coordinator/store/sql.hpp"
#include "coordinator/store/store.hpp"

namespace checkerlab::coordinator {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Export : public ::testing::Test {
 protected:
  Export() {
    write(
        "INSERT INTO jobs (number, key, kind, label, spec, hints, state, created_at, changed_at) VALUES "
        "(1, 'k', 'noop', '', '{}', '{}', 'queued', 5, 5)");
  }
  std::string all(const std::string& table, ExportFormat format, std::size_t piece = 1000) {
    TableExport rows(store_.file(), table, format, {});
    std::string text;
    while (true) {
      const std::string next = rows.next(piece);
      if (next.empty()) return text;
      text += next;
    }
  }
  void write(const std::string& sql) {
    store_.write_and_wait([&](SQLite::Database& database) { database.exec(sql); });
  }

  TemporaryFolder folder_;
  Store store_{folder_.path() / "a.db"};
};

TEST_F(Export, CsvTellsNothingFromEmptyTextAndQuotesWhatItMust) {
  write("INSERT INTO logs VALUES (1, 1, 1, '', 'info', 'a, \"b\"' || char(10) || 'c')");
  write("INSERT INTO measurements VALUES (1, 'fid', 0.1, NULL, 5, 0, '', '', '', '', '', 7)");
  EXPECT_EQ(all("logs", ExportFormat::csv),
            "job,seq,attempt,time,level,text\r\n1,1,1,\"\",info,\"a, \"\"b\"\"\nc\"\r\n");
  EXPECT_THAT(all("MEASUREMENTS", ExportFormat::csv), HasSubstr("\r\n1,fid,0.1,,5,0,"));
}

TEST_F(Export, JsonLinesAreJson) {
  write("INSERT INTO logs VALUES (1, 1, 1, 't', 'info', 'a \"b\" \\ ü' || char(9, 10))");
  write("INSERT INTO logs VALUES (1, 2, 1, 't', 'info', cast(x'ff41' as text))");
  write("INSERT INTO measurements VALUES (1, 'fid', 9e999, 0.25, 5, 0, '', '', '', '', '', 7)");
  std::istringstream lines(all("logs", ExportFormat::jsonl));
  std::string line;
  std::getline(lines, line);
  EXPECT_EQ(Json::parse(line).at("text"), "a \"b\" \\ ü\t\n");
  std::getline(lines, line);
  EXPECT_EQ(Json::parse(line).at("text"),
            "\xEF\xBF\xBD"
            "A");
  const Json measurement = Json::parse(all("measurements", ExportFormat::jsonl));
  EXPECT_TRUE(measurement.at("value").is_null());
  EXPECT_EQ(measurement.at("uncertainty"), 0.25);
}

TEST_F(Export, IsOneStateHoweverLongItTakes) {
  write(
      "WITH RECURSIVE t (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM t WHERE i < 2000) "
      "INSERT INTO artifacts SELECT printf('%08d', i), i, 1 FROM t");
  TableExport rows(store_.file(), "artifacts", ExportFormat::csv, {});
  std::string text = rows.next(100);
  write("DELETE FROM artifacts");
  for (std::string next = rows.next(100); !next.empty(); next = rows.next(100)) {
    EXPECT_LT(next.size(), 200U);
    text += next;
  }
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2001);
  EXPECT_EQ(all("artifacts", ExportFormat::csv), "sha256,bytes,created_at\r\n");
}

TEST_F(Export, OnlyWhatPeopleMayRead) {
  write("CREATE TABLE secrets (token TEXT)");
  for (const char* name : {"secrets", "nowhere", "jobs\"; DROP TABLE jobs", "sqlite_master", "json_each", ""}) {
    const Error error = error_of([&] { all(name, ExportFormat::csv); });
    EXPECT_EQ(error.code(), ErrorCode::not_found) << name;
    EXPECT_THAT(error.fix(), HasSubstr("fig_5"));
    EXPECT_THAT(error.fix(), Not(HasSubstr("secrets")));
  }
  for (const char* view : {"fig_5", "results_long", "jobs_overview", "checkpoint_history"})
    EXPECT_NO_THROW(all(view, ExportFormat::csv)) << view;
}

TEST_F(Export, StopsWhenTold) {
  write(
      "WITH RECURSIVE t (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM t WHERE i < 2000) "
      "INSERT INTO artifacts SELECT printf('%08d', i), i, 1 FROM t");
  std::stop_source stop;
  TableExport rows(store_.file(), "artifacts", ExportFormat::csv, stop.get_token());
  stop.request_stop();
  EXPECT_EQ(error_of([&] {
              while (!rows.next(1'000'000).empty()) {
              }
            }).code(),
            ErrorCode::cancelled);
}

TEST_F(Export, APublicCopyHoldsNoSecretNotEvenADeletedOne) {
  write("CREATE TABLE secrets (token TEXT); CREATE VIEW secret_view AS SELECT * FROM secrets");
  write("INSERT INTO secrets VALUES ('the-present-secret')");
  write("INSERT INTO logs VALUES (1, 1, 1, 't', 'info', 'the-deleted-line'); DELETE FROM logs");
  write("INSERT INTO artifacts VALUES ('kept', 1, 1)");
  const auto to = folder_.path() / "copy.db";
  write_public_copy(store_.file(), to);
  const std::string bytes = SystemFiles().read(to);
  EXPECT_THAT(bytes, Not(HasSubstr("the-present-secret")));
  EXPECT_THAT(bytes, Not(HasSubstr("the-deleted-line")));
  SQLite::Database copy(to.string(), SQLite::OPEN_READONLY);
  EXPECT_EQ(copy.execAndGet("SELECT sha256 FROM artifacts").getString(), "kept");
  EXPECT_EQ(copy.execAndGet("SELECT COUNT(*) FROM sqlite_master WHERE name LIKE 'secret%'").getInt(), 0);
  EXPECT_EQ(copy.execAndGet("PRAGMA integrity_check").getString(), "ok");
  EXPECT_TRUE(store_.read([](SQLite::Database& database) { return database.tableExists("secrets"); }));
}

}  // namespace
}  // namespace checkerlab::coordinator
