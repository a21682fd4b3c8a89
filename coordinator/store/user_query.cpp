#include "coordinator/store/user_query.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace checkerlab::coordinator {
namespace {

using Json = nlohmann::json;
using Deadline = std::chrono::steady_clock::time_point;

constexpr std::array<std::string_view, 41> kUserTables{
    "studies", "jobs", "study_jobs", "study_stages", "job_inputs", "points", "workers", "attempts", "results",
    "measurements", "artifacts", "job_artifacts", "checkpoints", "curves", "logs", "events", "fig_4a", "fig_5",
    "jobs_overview", "results_long", "schema_migrations", "json_each", "json_tree", "sqlite_master", "sqlite_schema",
    // The paper's tables and figures
    "models", "latency", "entropy_runs", "entropy_by_step", "entropy_of_samples", "table_1", "table_2a", "table_2b",
    // The past of checkpoints
    "checkpoint_history",
    // Attempts of several workers
    "attempt_ranks",
    // Searches for guidance
    "searches", "guidance_values", "guidance_search",
    // Studies as sets
    "study_revisions", "study_revision_jobs", "study_code_versions"};

constexpr std::int64_t kNumberBytes = 4;  // of a number in the answer, about

// What the callbacks of a connection need.
struct Guard {
  std::vector<std::string> hidden;  // tables and views that are there and not for users
  Deadline deadline;
  std::stop_token stop;
};

bool is_hidden(const Guard& guard, const char* table) {
  return std::any_of(guard.hidden.begin(), guard.hidden.end(),
                     [&](const std::string& name) { return sqlite3_stricmp(name.c_str(), table) == 0; });
}

// Reading without naming a column, as in count(*), also comes for subqueries, which have any name.
bool may_read(const Guard& guard, const char* table, const char* column) {
  if (!table) return false;
  if (!column || *column == '\0') return !is_hidden(guard, table);
  return is_user_table(table);
}

// One loads code, the other shows and takes addresses of functions.
bool is_dangerous(const char* function) {
  return sqlite3_stricmp(function, "load_extension") == 0 || sqlite3_stricmp(function, "fts3_tokenizer") == 0;
}

int authorize(void* guard, int action, const char* first, const char* second, const char*, const char*) {
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE:
      return SQLITE_OK;
    case SQLITE_READ:
      return may_read(*static_cast<const Guard*>(guard), first, second) ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_FUNCTION:
      return second && !is_dangerous(second) ? SQLITE_OK : SQLITE_DENY;
    default:
      return SQLITE_DENY;
  }
}

int should_stop(void* data) {
  const auto& guard = *static_cast<const Guard*>(data);
  return guard.stop.stop_requested() || std::chrono::steady_clock::now() >= guard.deadline ? 1 : 0;
}

// A connection of its own for each query: nothing of it can stay behind.
class GuardedConnection {
 public:
  GuardedConnection(const std::filesystem::path& file, const UserQueryLimits& limits)
      : database_(file.string(), SQLite::OPEN_READONLY, 1'000),
        guard_{hidden_tables(database_), std::chrono::steady_clock::now() + limits.time, limits.stop} {
    // Table-valued functions declare themselves at their first use, which the authorizer would forbid.
    database_.exec("SELECT 1 FROM json_each('[]'), json_tree('[]')");
    sqlite3* handle = database_.getHandle();
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
    sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, static_cast<int>(std::min<std::int64_t>(limits.max_bytes, 1 << 30)));
    sqlite3_set_authorizer(handle, authorize, &guard_);
    sqlite3_progress_handler(handle, 1'000, should_stop, &guard_);
  }
  GuardedConnection(const GuardedConnection&) = delete;
  GuardedConnection& operator=(const GuardedConnection&) = delete;

  sqlite3* handle() { return database_.getHandle(); }

 private:
  SQLite::Database database_;
  Guard guard_;
};

[[noreturn]] void throw_query_error(GuardedConnection& connection, int code, const UserQueryLimits& limits) {
  if (code == SQLITE_INTERRUPT && limits.stop.stop_requested()) {
    throw Error(ErrorCode::cancelled, "the query was stopped: the coordinator ends");
  }
  if (code == SQLITE_INTERRUPT) {
    throw Error(ErrorCode::timeout, "the query took longer than " + std::to_string(limits.time.count()) + " ms",
                "Ask for less, or copy the database and query the copy.");
  }
  const std::string words = sqlite3_errmsg(connection.handle());
  if (code == SQLITE_AUTH) {
    throw Error(ErrorCode::invalid_argument, "this SQL is not allowed: " + words,
                "Only SELECT on the tables and views of the results is allowed.");
  }
  throw Error(ErrorCode::invalid_argument, "SQL: " + words, "`select name from sqlite_master` lists tables and views.");
}

using Statement = std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)>;

Statement prepare(GuardedConnection& connection, const std::string& sql, const UserQueryLimits& limits) {
  sqlite3_stmt* raw = nullptr;
  const char* tail = nullptr;
  const int code = sqlite3_prepare_v2(connection.handle(), sql.c_str(), static_cast<int>(sql.size()) + 1, &raw, &tail);
  Statement statement(raw, sqlite3_finalize);
  if (code != SQLITE_OK) throw_query_error(connection, code, limits);
  if (!statement) throw Error(ErrorCode::invalid_argument, "the query is empty");
  sqlite3_stmt* rest = nullptr;
  const int rest_code = sqlite3_prepare_v2(connection.handle(), tail, -1, &rest, nullptr);
  const Statement second(rest, sqlite3_finalize);
  if (rest_code != SQLITE_OK || second) {
    throw Error(ErrorCode::invalid_argument, "the query has more than one statement", "Send one SELECT at a time.");
  }
  return statement;
}

// Text that is no UTF-8 could not be sent as JSON.
Json text_cell(std::string text) {
  Json cell(std::move(text));
  try {
    (void)cell.dump();
    return cell;
  } catch (const Json::type_error&) {
    return Json::parse(cell.dump(-1, ' ', false, Json::error_handler_t::replace));
  }
}

Json cell(sqlite3_stmt* statement, int column, std::int64_t& bytes) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
      bytes += kNumberBytes;
      return sqlite3_column_int64(statement, column);
    case SQLITE_FLOAT:
      bytes += kNumberBytes;
      return sqlite3_column_double(statement, column);
    case SQLITE_NULL:
      return nullptr;
    case SQLITE_BLOB:
      return "blob of " + std::to_string(sqlite3_column_bytes(statement, column)) + " bytes";
    default:
      break;
  }
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
  bytes += static_cast<std::int64_t>(size);
  return text_cell(text ? std::string(text, size) : std::string());
}

Json row_of(sqlite3_stmt* statement, std::int64_t& bytes) {
  Json row = Json::array();
  for (int i = 0; i < sqlite3_column_count(statement); ++i)
    row.push_back(cell(statement, i, bytes));
  return row;
}

}  // namespace

bool is_user_table(const std::string& name) {
  return std::any_of(kUserTables.begin(), kUserTables.end(), [&](std::string_view other) {
    return sqlite3_stricmp(std::string(other).c_str(), name.c_str()) == 0;
  });
}

std::vector<std::string> hidden_tables(SQLite::Database& database) {
  std::vector<std::string> hidden;
  SQLite::Statement names(database, "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')");
  while (names.executeStep()) {
    if (!is_user_table(names.getColumn(0).getString())) hidden.push_back(names.getColumn(0).getString());
  }
  return hidden;
}

Json run_user_query(const Store& store, const std::string& sql, const UserQueryLimits& limits) {
  return translate_errors(store.file(), [&]() -> Json {
    GuardedConnection connection(store.file(), limits);
    const Statement statement = prepare(connection, sql, limits);
    Json answer{{"columns", Json::array()}, {"rows", Json::array()}, {"truncated", false}};
    for (int i = 0; i < sqlite3_column_count(statement.get()); ++i) {
      answer["columns"].push_back(text_cell(sqlite3_column_name(statement.get(), i)));
    }
    std::int64_t bytes = 0;
    Json& rows = answer["rows"];
    int code = SQLITE_ROW;
    while ((code = sqlite3_step(statement.get())) == SQLITE_ROW) {
      if (static_cast<std::int64_t>(rows.size()) == limits.max_rows || bytes > limits.max_bytes) {
        answer["truncated"] = true;
        return answer;
      }
      rows.push_back(row_of(statement.get(), bytes));
    }
    if (code != SQLITE_DONE) throw_query_error(connection, code, limits);
    return answer;
  });
}

}  // namespace checkerlab::coordinator
