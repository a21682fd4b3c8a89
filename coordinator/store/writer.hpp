// The only writer of the database: a thread that runs queued changes and commits many of them at once.
//
// Durability: `done` is called after COMMIT returned with synchronous=FULL. A change that throws is rolled back to its
// savepoint and only its `done` gets the error; when COMMIT itself (or the disk) fails, all of the batch get it and
// nothing of it remains.
//
// The simulator (tests/simulation) derives from it a writer without a thread, to stop between any two steps.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "coordinator/metrics/service_metrics.hpp"
#include "coordinator/store/commit_mark.hpp"
#include "coordinator/store/statement_cache.hpp"

namespace checkerlab::coordinator {

class Writer {
 public:
  using Change = std::function<void(SQLite::Database&)>;
  using Done = std::function<void(std::exception_ptr)>;

  // `database` is open, migrated and moved in. Throws Error(invalid_data) when it is behind its mark (commit_mark.hpp).
  Writer(SQLite::Database database, std::filesystem::path file, std::size_t max_batch);
  // Commits what is queued, then joins the thread.
  virtual ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  virtual void submit(Change change, Done done);
  // Waits until everything submitted before this call is committed or refused and its `done` has returned.
  virtual void flush();

  const StoreMetrics& metrics() const { return metrics_; }

 protected:
  struct Item {
    Change change;
    Done done;
    std::exception_ptr error;
  };
  struct WithoutThread {};

  // For a writer that is driven from outside: it overrides submit and flush.
  Writer(SQLite::Database database, std::filesystem::path file, WithoutThread);
  // One transaction; says in each item what became of it, and calls no `done`.
  void commit(std::vector<Item>& batch);

 private:
  void run();
  void commit_timed(std::vector<Item>& batch);
  void apply(Item& item);
  bool transaction_open() const;

  SQLite::Database database_;
  StatementCache statements_{database_};
  std::filesystem::path file_;
  std::optional<CommitMark> mark_;  // nothing in the simulator, whose disks are its own
  std::size_t max_batch_ = 0;
  StoreMetrics metrics_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Item> queue_;
  std::uint64_t submitted_ = 0;
  std::uint64_t finished_ = 0;
  bool stopping_ = false;
  std::thread thread_;  // last: ends before all else
};

}  // namespace checkerlab::coordinator
