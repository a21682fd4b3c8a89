#include "coordinator/store/read_pool.hpp"

#include <utility>

namespace checkerlab::coordinator {

ReadPool::Lease::Lease(ReadPool& pool, std::unique_ptr<Connection> connection)
    : pool_(pool), connection_(std::move(connection)), scope_(connection_->statements) {}

ReadPool::Lease::~Lease() {
  pool_.give_back(std::move(connection_));
}

ReadPool::ReadPool(const std::filesystem::path& file, std::size_t connections, const std::string& vfs) {
  for (std::size_t i = 0; i < connections; ++i) {
    SQLite::Database database(file.string(), SQLite::OPEN_READONLY | SQLite::OPEN_NOMUTEX, 5'000, vfs);
    database.exec("PRAGMA query_only = ON");
    auto connection = std::make_unique<Connection>(std::move(database));
    idle_.push_back(std::move(connection));
  }
}

ReadPool::Lease ReadPool::borrow() {
  std::unique_lock lock(mutex_);
  returned_.wait(lock, [&] { return !idle_.empty(); });
  auto connection = std::move(idle_.back());
  idle_.pop_back();
  return {*this, std::move(connection)};
}

void ReadPool::give_back(std::unique_ptr<Connection> connection) {
  {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(connection));
  }
  returned_.notify_one();
}

}  // namespace checkerlab::coordinator
