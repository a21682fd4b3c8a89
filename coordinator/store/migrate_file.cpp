#include "coordinator/store/migrate_file.hpp"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cerrno>

#include "base/error.hpp"
#include "base/files.hpp"
#include "coordinator/store/database_copy.hpp"
#include "coordinator/store/sqlite_error.hpp"

namespace checkerlab::coordinator {
namespace {

namespace fs = std::filesystem;

int version_of(const fs::path& file) {
  SQLite::Database database(file.string(), SQLite::OPEN_READONLY, 5'000);
  return present_version(database);
}

// Of an earlier start that was killed.
void remove_leftovers(const fs::path& copy) {
  for (const char* suffix : {"", "-journal", "-wal", "-shm"})
    fs::remove(copy.string() + suffix);
}

void migrate_copy(const fs::path& copy, const std::vector<Migration>& migrations, std::int64_t now_ms) {
  translate_errors(copy, [&] {
    SQLite::Database database(copy.string(), SQLite::OPEN_READWRITE, 5'000);
    database.exec("PRAGMA foreign_keys = ON");
    migrate(database, migrations, now_ms);
  });
  const auto complaints = database_complaints(copy, 3);
  if (complaints.empty()) return;
  throw Error(ErrorCode::internal, "after its migration the database is not sound: " + complaints.front(),
              "The old file is as it was. `checkerlab-coordinator verify` tells whether it was damaged before.");
}

// What stands in the write-ahead log goes into the file, so that the file alone is the whole database.
void fold_log_in(const fs::path& file) {
  translate_errors(file, [&] {
    SQLite::Database database(file.string(), SQLite::OPEN_READWRITE, 5'000);
    database.exec("PRAGMA journal_mode = DELETE");
  });
}

fs::path keep_old(const fs::path& file, int version) {
  const std::string name = file.string() + ".schema-" + std::to_string(version);
  for (int i = 1;; ++i) {
    const fs::path kept = i == 1 ? name : name + "." + std::to_string(i);
    if (::link(file.c_str(), kept.c_str()) == 0) return kept;
    if (errno != EEXIST) throw errno_error(errno, "keep the old database as " + kept.string());
  }
}

}  // namespace

std::optional<fs::path> migrate_file(const fs::path& file, const std::vector<Migration>& migrations,
                                     std::int64_t now_ms) {
  if (migrations.empty() || !fs::exists(file) || fs::file_size(file) == 0) return std::nullopt;
  const int version = translate_errors(file, [&] { return version_of(file); });
  if (version == 0 || version >= migrations.back().version) return std::nullopt;  // a newer one is refused later
  const fs::path copy = file.string() + ".migrating";
  remove_leftovers(copy);
  try {
    copy_database(file, copy);
    migrate_copy(copy, migrations, now_ms);
  } catch (...) {
    remove_leftovers(copy);
    throw;
  }
  fold_log_in(file);
  const fs::path kept = keep_old(file, version);
  SystemFiles().commit(copy, file);
  spdlog::info("the database was brought from schema {} to {}; the old one is kept as {}", version,
               migrations.back().version, kept.string());
  return kept;
}

}  // namespace checkerlab::coordinator
