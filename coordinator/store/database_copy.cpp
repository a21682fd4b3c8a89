#include "coordinator/store/database_copy.hpp"

#include <SQLiteCpp/Backup.h>
#include <sqlite3.h>

#include "base/error.hpp"
#include "coordinator/store/sqlite_error.hpp"

namespace checkerlab::coordinator {
namespace {

void copy_all_pages(const std::filesystem::path& from, const std::filesystem::path& to) {
  SQLite::Database source(from.string(), SQLite::OPEN_READONLY, 5'000);
  SQLite::Database target(to.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, 5'000);
  {
    SQLite::Backup backup(target, source);
    // In one step, so that the writer never makes it begin again.
    const int code = backup.executeStep(-1);
    if (code != SQLITE_DONE) {
      throw Error(ErrorCode::unavailable, from.string() + " is locked by another process", "Try again.");
    }
  }
  target.exec("PRAGMA journal_mode = DELETE");  // the copy is one file
}

void remove_with_logs(const std::filesystem::path& file) {
  std::error_code ignored;
  for (const char* suffix : {"", "-journal", "-wal", "-shm"})
    std::filesystem::remove(file.string() + suffix, ignored);
}

void add_rows(SQLite::Database& database, const char* pragma, std::size_t most, std::vector<std::string>& complaints) {
  SQLite::Statement rows(database, pragma);
  while (complaints.size() < most && rows.executeStep()) {
    std::string text;
    for (int i = 0; i < rows.getColumnCount(); ++i)
      text += (i == 0 ? "" : " ") + rows.getColumn(i).getString();
    if (text != "ok") complaints.push_back(text);
  }
}

}  // namespace

void copy_database(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (std::filesystem::exists(to)) throw Error(ErrorCode::conflict, to.string() + " is there already");
  try {
    translate_errors(from, [&] { copy_all_pages(from, to); });
  } catch (...) {
    remove_with_logs(to);
    throw;
  }
}

std::vector<std::string> database_complaints(const std::filesystem::path& file, std::size_t most) {
  std::vector<std::string> complaints;
  try {
    SQLite::Database database(file.string(), SQLite::OPEN_READONLY, 5'000);
    add_rows(database, "PRAGMA integrity_check", most, complaints);
    const std::size_t structural = complaints.size();
    add_rows(database, "PRAGMA foreign_key_check", most, complaints);
    for (std::size_t i = structural; i < complaints.size(); ++i)
      complaints[i] = "a row refers to one that is not there (table, row, other table, key): " + complaints[i];
  } catch (const SQLite::Exception& exception) {
    complaints.push_back(exception.what());
  }
  return complaints;
}

}  // namespace checkerlab::coordinator
