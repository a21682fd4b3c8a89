// Brings a database to the present schema: numbered SQL files (schemas/sql/0001_name.sql, …), compiled in, each run
// once.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <string>
#include <string_view>
#include <vector>

namespace checkerlab::coordinator {

struct Migration {
  int version = 0;  // 1, 2, 3, … without gaps
  std::string name;
  std::string_view sql;
};

// Those compiled in, in order.
std::vector<Migration> built_in_migrations();

// The newest one that ran; 0 for a database without a schema.
int present_version(SQLite::Database& database);

// Runs what is missing, each migration in one transaction with its entry in schema_migrations: one that fails leaves
// the database as it was before it. Gives the version reached. Throws Error(version_mismatch) when the database is
// newer than `migrations`, before anything is changed, and Error(internal) naming the migration that failed.
int migrate(SQLite::Database& database, const std::vector<Migration>& migrations, std::int64_t now_ms);

}  // namespace checkerlab::coordinator
