// A fixed number of read-only connections, lent one at a time. Thread-safe.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <condition_variable>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "coordinator/store/statement_cache.hpp"

namespace checkerlab::coordinator {

class ReadPool {
  struct Connection {
    explicit Connection(SQLite::Database opened) : database(std::move(opened)) {}
    SQLite::Database database;
    StatementCache statements{database};
  };

 public:
  // Gives a connection back when it goes out of scope. For the thread that borrowed it.
  class Lease {
   public:
    Lease(ReadPool& pool, std::unique_ptr<Connection> connection);
    ~Lease();
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    SQLite::Database& operator*() const { return connection_->database; }

   private:
    ReadPool& pool_;
    std::unique_ptr<Connection> connection_;
    StatementCache::Scope scope_;
  };

  // `vfs`: the name of a registered VFS; empty takes SQLite's own.
  ReadPool(const std::filesystem::path& file, std::size_t connections, const std::string& vfs = "");

  // Waits for a free connection.
  Lease borrow();

 private:
  void give_back(std::unique_ptr<Connection> connection);

  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<Connection>> idle_;
};

}  // namespace checkerlab::coordinator
