// The only writer of the database: a thread that runs queued changes and commits many of them at once.
//
// Durability: `done` is called after COMMIT returned with synchronous=FULL. A change that throws is undone alone and
// only its `done` gets the error; when COMMIT itself (or the disk) fails, all of the batch get it and nothing of it
// remains.
//
// Savepoints copy every page that is touched within them. So the changes of a batch run without any, and when one
// throws all are undone and run again, each within its own: a change may run twice and has to give the same the second
// time.
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

struct WriteOptions {
  // Unless null, what the change belongs to: when one of a series failed, those after it in the batch fail as well.
  const void* series = nullptr;
  // Nobody waits for it: it goes along with the next change that is not written in passing, or a moment later alone,
  // instead of making others wait for a commit of its own.
  bool in_passing = false;
};

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

  virtual void submit(Change change, Done done, WriteOptions options);
  // Waits until everything submitted before this call is committed or refused and its `done` has returned.
  virtual void flush();

  const StoreMetrics& metrics() const { return metrics_; }

 protected:
  struct Item {
    Change change;
    Done done;
    std::exception_ptr error;
    const void* series = nullptr;
  };
  struct WithoutThread {};

  // For a writer that is driven from outside: it overrides submit and flush.
  Writer(SQLite::Database database, std::filesystem::path file, WithoutThread);
  // One transaction; says in each item what became of it, and calls no `done`.
  void commit(std::vector<Item>& batch);

 private:
  void run();
  void await_work(std::unique_lock<std::mutex>& lock);
  void commit_timed(std::vector<Item>& batch);
  bool apply_together(std::vector<Item>& batch);
  void apply_apart(std::vector<Item>& batch);
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
  bool hurry_ = false;  // somebody waits for what is queued
  std::uint64_t submitted_ = 0;
  std::uint64_t finished_ = 0;
  bool stopping_ = false;
  std::thread thread_;  // last: ends before all else
};

}  // namespace checkerlab::coordinator
