// The database: one SQLite file, one writer thread with group commit, a few read-only connections.
//
// Thread-safe. WAL, synchronous=FULL, foreign keys on. Opening brings the schema up to date (see migrations.hpp) or
// throws: Error(version_mismatch) for a newer schema, Error(io_error) for a file that is no database, Error(disk_full).
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstddef>
#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "coordinator/store/read_pool.hpp"
#include "coordinator/store/sqlite_error.hpp"
#include "coordinator/store/writer.hpp"

namespace checkerlab::coordinator {

using MakeWriter = std::function<std::unique_ptr<Writer>(SQLite::Database database, std::filesystem::path file)>;

struct StoreOptions {
  std::size_t read_connections = 4;
  std::size_t max_batch = 4096;     // changes in one transaction
  std::int64_t max_page_count = 0;  // for fault tests: PRAGMA max_page_count; 0 leaves SQLite's own
  std::string vfs;                  // for the simulator: the name of a registered VFS; empty takes SQLite's own
  MakeWriter make_writer;           // for the simulator: null makes a Writer with its thread
};

class Store {
 public:
  explicit Store(std::filesystem::path file, StoreOptions options = {});
  // Commits what is queued.
  ~Store();

  // Queues a change. Changes run on the writer thread in the order of the calls, many in one transaction; a
  // change that throws is undone alone. `done` runs on the writer thread after the commit is on disk,
  // with null, or with the Error; it must be quick and must not throw.
  // A change may run twice, when another one fails: see writer.hpp.
  void write(Writer::Change change, Writer::Done done, WriteOptions options = {}) {
    writer_->submit(std::move(change), std::move(done), options);
  }

  // The same, waiting for the commit; throws the Error. Not from the writer thread.
  void write_and_wait(Writer::Change change);

  // Runs `query(SQLite::Database&)` on a borrowed read-only connection and gives back what it returns. Sees every
  // committed change. Blocks while all connections are borrowed.
  template <class Query>
  auto read(Query&& query) const -> std::invoke_result_t<Query, SQLite::Database&> {
    auto connection = readers_->borrow();
    return translate_errors(file_, [&]() -> decltype(auto) { return std::forward<Query>(query)(*connection); });
  }

  // Waits until everything queued so far is committed.
  void flush();

  const std::filesystem::path& file() const { return file_; }
  int schema_version() const { return schema_version_; }
  const StoreMetrics& metrics() const { return writer_->metrics(); }

 private:
  std::filesystem::path file_;
  int schema_version_ = 0;
  std::unique_ptr<Writer> writer_;
  std::unique_ptr<ReadPool> readers_;
};

}  // namespace checkerlab::coordinator
