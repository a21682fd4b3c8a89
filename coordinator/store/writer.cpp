#include "coordinator/store/writer.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "coordinator/store/sql.hpp"
#include "coordinator/store/sqlite_error.hpp"

namespace checkerlab::coordinator {
namespace {

std::exception_ptr as_error(const std::filesystem::path& file) {
  try {
    translate_errors(file, [] { throw; });
  } catch (...) {
    return std::current_exception();
  }
  return nullptr;
}

}  // namespace

Writer::Writer(SQLite::Database database, std::filesystem::path file, std::size_t max_batch)
    : database_(std::move(database)), file_(std::move(file)), max_batch_(max_batch) {
  mark_.emplace(file_, database_);
  thread_ = std::thread([this] { run(); });
}

Writer::Writer(SQLite::Database database, std::filesystem::path file, WithoutThread)
    : database_(std::move(database)), file_(std::move(file)) {}

Writer::~Writer() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Writer::submit(Change change, Done done, WriteOptions options) {
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back({std::move(change), std::move(done), nullptr, options.series});
    hurry_ = hurry_ || !options.in_passing;
    ++submitted_;
  }
  changed_.notify_all();
}

void Writer::flush() {
  std::unique_lock lock(mutex_);
  const std::uint64_t target = submitted_;
  hurry_ = true;
  changed_.notify_all();
  changed_.wait(lock, [&] { return finished_ >= target; });
}

void Writer::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    await_work(lock);
    if (queue_.empty()) return;
    std::vector<Item> batch;
    const auto count = static_cast<std::ptrdiff_t>(std::min(queue_.size(), max_batch_));
    std::move(queue_.begin(), queue_.begin() + count, std::back_inserter(batch));
    queue_.erase(queue_.begin(), queue_.begin() + count);
    if (queue_.empty()) hurry_ = false;
    lock.unlock();
    commit_timed(batch);
    for (Item& item : batch) {
      if (item.done) item.done(item.error);
    }
    lock.lock();
    finished_ += batch.size();
    changed_.notify_all();
  }
}

void Writer::await_work(std::unique_lock<std::mutex>& lock) {
  constexpr std::chrono::milliseconds kInPassing{50};
  changed_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
  changed_.wait_for(lock, kInPassing, [&] { return stopping_ || hurry_; });
}

void Writer::commit_timed(std::vector<Item>& batch) {
  const auto begin = std::chrono::steady_clock::now();
  commit(batch);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  metrics_.commit_seconds.observe(took.count());
  metrics_.commit_changes.observe(static_cast<double>(batch.size()));
}

void Writer::commit(std::vector<Item>& batch) {
  const StatementCache::Scope scope(statements_);
  try {
    execute(database_, "BEGIN IMMEDIATE");
    if (!apply_together(batch)) {
      execute(database_, "BEGIN IMMEDIATE");
      apply_apart(batch);
    }
    if (mark_) mark_->count(database_);
    execute(database_, "COMMIT");
    if (mark_) mark_->confirm();
  } catch (...) {
    const std::exception_ptr error = as_error(file_);
    ++metrics_.failed_commits;
    if (transaction_open()) database_.tryExec("ROLLBACK");
    for (Item& item : batch)
      item.error = error;
  }
}

// False when a change failed; then the transaction is undone.
bool Writer::apply_together(std::vector<Item>& batch) {
  try {
    for (Item& item : batch)
      item.change(database_);
    return true;
  } catch (...) {
    if (transaction_open()) database_.exec("ROLLBACK");
    return false;
  }
}

void Writer::apply_apart(std::vector<Item>& batch) {
  std::set<const void*> failed;
  for (Item& item : batch) {
    if (failed.contains(item.series)) {
      item.error =
          std::make_exception_ptr(Error(ErrorCode::unavailable, "an earlier change could not be stored", "Try again."));
      continue;
    }
    apply(item);
    // A full disk makes SQLite give up the whole transaction: what ran before in it is gone as well.
    if (!transaction_open()) std::rethrow_exception(item.error);
    if (item.error && item.series != nullptr) failed.insert(item.series);
  }
}

void Writer::apply(Item& item) {
  execute(database_, "SAVEPOINT change");
  try {
    item.change(database_);
    execute(database_, "RELEASE change");
  } catch (...) {
    item.error = as_error(file_);
    if (transaction_open()) database_.exec("ROLLBACK TO change; RELEASE change");
  }
}

bool Writer::transaction_open() const {
  return sqlite3_get_autocommit(database_.getHandle()) == 0;
}

}  // namespace checkerlab::coordinator
