#include "coordinator/store/public_copy.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include "base/error.hpp"
#include "coordinator/store/sql.hpp"
#include "coordinator/store/sqlite_error.hpp"
#include "coordinator/store/user_query.hpp"

namespace checkerlab::coordinator {
namespace {

int should_stop(void* stop) {
  return static_cast<const std::stop_token*>(stop)->stop_requested() ? 1 : 0;
}

// Row by row into new pages, so that nothing that was deleted comes along.
void copy_rows(const std::filesystem::path& database, const std::filesystem::path& to, std::stop_token stop) {
  // Nothing is written to it; but on a read-only connection VACUUM trips over generated columns.
  SQLite::Database source(database.string(), SQLite::OPEN_READWRITE, 5'000);
  sqlite3_progress_handler(source.getHandle(), 10'000, should_stop, &stop);
  execute(source, "VACUUM INTO ?", to.string());
}

void drop_secrets(const std::filesystem::path& file) {
  SQLite::Database copy(file.string(), SQLite::OPEN_READWRITE, 5'000);
  copy.exec("PRAGMA secure_delete = ON");  // pages that become free are overwritten
  copy.exec("PRAGMA journal_mode = MEMORY");
  for (const std::string& name : hidden_tables(copy)) {
    if (name.starts_with("sqlite_")) continue;
    SQLite::Statement type(copy, "SELECT type FROM sqlite_master WHERE name = ?");
    type.bind(1, name);
    const bool view = type.executeStep() && type.getColumn(0).getString() == "view";
    type.reset();
    std::string quoted;
    for (const char c : name)
      quoted += c == '"' ? "\"\"" : std::string(1, c);
    copy.exec(std::string("DROP ") + (view ? "VIEW" : "TABLE") + " \"" + quoted + "\"");
  }
  copy.exec("PRAGMA journal_mode = DELETE");
}

}  // namespace

void write_public_copy(const std::filesystem::path& database, const std::filesystem::path& to,
                       const std::stop_token& stop) {
  try {
    translate_errors(database, [&] {
      copy_rows(database, to, stop);
      drop_secrets(to);
    });
  } catch (...) {
    std::error_code ignored;
    std::filesystem::remove(to, ignored);
    std::filesystem::remove(to.string() + "-journal", ignored);
    if (stop.stop_requested()) throw Error(ErrorCode::cancelled, "the copy was stopped: the coordinator ends");
    throw;
  }
}

}  // namespace checkerlab::coordinator
