// For tests: the contexts of ranks that are threads of one process, and what a coordinator would pass between them.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "worker/runner/job_kind.hpp"

namespace checkerlab::worker::testing {

class GangBoard {
 public:
  void listening(const std::string& host, int port) {
    change([&] { rank_zero_ = GangAddressCommand{{}, host, port}; });
  }
  void say() {
    change([&] { ++lines_; });
  }
  void cancel(int rank) {
    change([&] { cancelled_.insert(rank); });
  }
  bool cancelled(int rank) {
    const std::lock_guard lock(mutex_);
    return cancelled_.contains(rank);
  }
  GangAddressCommand wait_for_rank_zero() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return rank_zero_.has_value(); });
    return *rank_zero_;
  }
  // Until so many lines were logged, by whatever rank.
  void wait_for_lines(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return lines_ >= count; });
  }

 private:
  template <class Action>
  void change(Action&& action) {
    const std::lock_guard lock(mutex_);
    action();
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<GangAddressCommand> rank_zero_;
  std::set<int> cancelled_;
  int lines_ = 0;
};

// The context of one rank. The board must outlive it.
class BoardContext : public JobContext {
 public:
  BoardContext(GangBoard& board, int rank) : board_(board), rank_(rank) {}

  void progress(std::int64_t, std::int64_t, std::string_view, std::string_view) override {}
  void curve(std::string_view, std::int64_t, double) override {}
  void log(std::string_view, std::string_view) override { board_.say(); }
  void checkpoint(std::int64_t, const std::filesystem::path&) override {}
  void listening(const std::string& host, int port) override { board_.listening(host, port); }
  GangAddressCommand wait_for_rank_zero() override { return board_.wait_for_rank_zero(); }
  bool cancelled() const override { return board_.cancelled(rank_); }

 private:
  GangBoard& board_;
  int rank_;
};

}  // namespace checkerlab::worker::testing
