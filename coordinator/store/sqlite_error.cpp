#include "coordinator/store/sqlite_error.hpp"

#include <sqlite3.h>

#include <string>

namespace checkerlab::coordinator {

void throw_storage_error(const std::filesystem::path& file, const SQLite::Exception& exception) {
  const int code = exception.getErrorCode();
  const std::string text = file.string() + ": " + exception.what();
  if (code == SQLITE_FULL) {
    throw Error(ErrorCode::disk_full, "no space left for the database " + text,
                "Free space on that file system; nothing of this change was kept.");
  }
  if (code == SQLITE_NOTADB || code == SQLITE_CORRUPT) {
    throw Error(ErrorCode::invalid_data, "the database is damaged or is no database: " + text,
                "Restore the file from a copy, or move it away to start with an empty one.");
  }
  throw Error(ErrorCode::io_error, "the database refused: " + text, "Check the file system that holds it.");
}

}  // namespace checkerlab::coordinator
