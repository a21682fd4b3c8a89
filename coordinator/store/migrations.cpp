#include "coordinator/store/migrations.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <charconv>

#include "base/error.hpp"
#include "coordinator/store/sqlite_error.hpp"
#include "embedded/sql.hpp"

namespace checkerlab::coordinator {
namespace {

constexpr const char* kTable =
    "CREATE TABLE IF NOT EXISTS schema_migrations ("
    "version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL)";

// "0001_initial.sql" → 1.
Migration from_file(const EmbeddedFile& file) {
  int version = 0;
  const auto [end, error] = std::from_chars(file.name.data(), file.name.data() + file.name.size(), version);
  if (error != std::errc{} || version < 1 || *end != '_') {
    throw Error(ErrorCode::internal, "migration '" + std::string(file.name) + "' is not named NNNN_name.sql");
  }
  return {version, std::string(file.name), file.data};
}

bool out_of_space_or_order(const SQLite::Exception& exception) {
  const int code = exception.getErrorCode();
  return code == SQLITE_FULL || code == SQLITE_IOERR || code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
}

void apply(SQLite::Database& database, const Migration& migration, std::int64_t now_ms) {
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  try {
    database.exec(kTable);
    database.exec(std::string(migration.sql));
    SQLite::Statement entry(database, "INSERT INTO schema_migrations (version, name, applied_at) VALUES (?, ?, ?)");
    entry.bind(1, migration.version);
    entry.bind(2, migration.name);
    entry.bind(3, now_ms);
    entry.exec();
    transaction.commit();
  } catch (const SQLite::Exception& exception) {
    if (out_of_space_or_order(exception)) throw;
    throw Error(ErrorCode::internal, "migration " + migration.name + " failed: " + exception.what(),
                "The database is as it was before. Please report this.");
  }
}

}  // namespace

std::vector<Migration> built_in_migrations() {
  std::vector<Migration> migrations;
  for (const EmbeddedFile& file : sql_files())
    migrations.push_back(from_file(file));
  std::sort(migrations.begin(), migrations.end(),
            [](const Migration& left, const Migration& right) { return left.version < right.version; });
  return migrations;
}

int present_version(SQLite::Database& database) {
  if (!database.tableExists("schema_migrations")) return 0;
  return database.execAndGet("SELECT COALESCE(MAX(version), 0) FROM schema_migrations").getInt();
}

int migrate(SQLite::Database& database, const std::vector<Migration>& migrations, std::int64_t now_ms) {
  const int present = present_version(database);
  const int newest = migrations.empty() ? 0 : migrations.back().version;
  if (present > newest) {
    throw Error(ErrorCode::version_mismatch,
                "the database has schema " + std::to_string(present) + ", but this coordinator knows only up to " +
                    std::to_string(newest),
                "Start the newer coordinator that wrote it, or choose another data folder.");
  }
  for (const Migration& migration : migrations) {
    if (migration.version > present) apply(database, migration, now_ms);
  }
  return newest;
}

}  // namespace checkerlab::coordinator
