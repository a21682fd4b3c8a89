#include "coordinator/store/store.hpp"

#include <spdlog/spdlog.h>
#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <string>

#include "base/error.hpp"
#include "coordinator/store/database_copy.hpp"
#include "coordinator/store/migrate_file.hpp"

namespace checkerlab::coordinator {
namespace {

SQLite::Database open_for_writing(const std::filesystem::path& file, const StoreOptions& options) {
  // One thread at a time has the connection: SQLite need not lock it at every call.
  const int flags = SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX;
  SQLite::Database database(file.string(), flags, 5'000, options.vfs);
  database.exec("PRAGMA journal_mode = WAL");
  database.exec("PRAGMA synchronous = FULL");
  database.exec("PRAGMA foreign_keys = ON");
  database.exec("PRAGMA cache_size = -65536");        // KiB: what is written next was mostly written lately
  database.exec("PRAGMA wal_autocheckpoint = 8192");  // pages: moving them over costs two more syncs each time
  database.exec("PRAGMA temp_store = MEMORY");
  if (options.max_page_count > 0) {
    database.exec("PRAGMA max_page_count = " + std::to_string(options.max_page_count));
  }
  return database;
}

// A coordinator that ended well leaves no log. What one that did not, or a copy of its files, left behind is looked at
// before anyone relies on it.
void check_after_crash(const std::filesystem::path& file) {
  std::error_code missing;
  const auto logged = std::filesystem::file_size(file.string() + "-wal", missing);
  if (missing || logged == 0) return;
  spdlog::info("the coordinator before did not end well: {} is checked, which takes about ten seconds a gigabyte",
               file.string());
  auto complaints = database_complaints(file, 1);
  if (complaints.empty()) return;
  std::ranges::replace(complaints.front(), '\n', ' ');
  throw Error(ErrorCode::invalid_data, "the database " + file.string() + " is damaged: " + complaints.front(),
              "Restore a backup (checkerlab-coordinator restore).");
}

void look_at_what_is_left(const std::filesystem::path& file) {
  if (std::filesystem::exists(file)) {
    check_after_crash(file);
  } else {
    CommitMark::forget(file);
  }
}

// It would do so under one lock for all threads, at every piece. Works before SQLite's first use in the process; later
// it changes nothing.
void let_sqlite_not_count_its_memory() {
  [[maybe_unused]] static const int once = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

std::int64_t wall_clock_ms() {
  using std::chrono::duration_cast;
  using std::chrono::milliseconds;
  return duration_cast<milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace

Store::Store(std::filesystem::path file, StoreOptions options) : file_(std::move(file)) {
  let_sqlite_not_count_its_memory();
  translate_errors(file_, [&] {
    if (options.vfs.empty()) look_at_what_is_left(file_);
    migrate_file(file_, built_in_migrations(), wall_clock_ms());
    SQLite::Database database = open_for_writing(file_, options);
    schema_version_ = migrate(database, built_in_migrations(), wall_clock_ms());
    writer_ = options.make_writer ? options.make_writer(std::move(database), file_)
                                  : std::make_unique<Writer>(std::move(database), file_, options.max_batch);
    readers_ = std::make_unique<ReadPool>(file_, options.read_connections, options.vfs);
  });
}

Store::~Store() = default;

void Store::write_and_wait(Writer::Change change) {
  std::promise<void> written;
  write(std::move(change), [&](std::exception_ptr error) {
    if (error) {
      written.set_exception(error);
    } else {
      written.set_value();
    }
  });
  flush();
  written.get_future().get();
}

void Store::flush() {
  writer_->flush();
}

}  // namespace checkerlab::coordinator
