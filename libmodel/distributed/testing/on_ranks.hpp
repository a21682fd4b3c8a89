// For tests: a function on every rank of a communicator, each in a thread of its own.
#pragma once

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "base/error.hpp"
#include "libmodel/distributed/socket_ranks.hpp"
#include "libmodel/distributed/thread_ranks.hpp"

namespace checkerlab::model {

enum class RanksKind { threads, sockets };
using RankSet = std::vector<std::unique_ptr<Communicator>>;

inline RankSet make_ranks(RanksKind kind, int size, std::chrono::milliseconds timeout = std::chrono::seconds(30)) {
  if (kind == RanksKind::threads) return make_thread_ranks(size, timeout);
  auto sockets = make_rank_sockets(size);
  RankSet ranks;
  for (int rank = 0; rank < size; ++rank) {
    const SocketRankOptions options{.rank = rank, .size = size, .timeout = timeout};
    ranks.push_back(make_socket_rank(options, std::move(sockets[static_cast<std::size_t>(rank)])));
  }
  return ranks;
}

// Runs `work` on every rank; a rank's communicator is destroyed when its work ends. What each threw, by rank.
inline std::vector<std::exception_ptr> failures_on_ranks(RankSet ranks,
                                                         const std::function<void(Communicator&)>& work) {
  std::vector<std::exception_ptr> failures(ranks.size());
  std::vector<std::thread> threads;
  for (std::size_t rank = 0; rank < ranks.size(); ++rank) {
    threads.emplace_back([&failures, &work, rank, own = std::move(ranks[rank])]() mutable {
      try {
        work(*own);
      } catch (...) {
        failures[rank] = std::current_exception();
      }
      own.reset();
    });
  }
  for (auto& thread : threads)
    thread.join();
  return failures;
}

// The Errors of the ranks, where any; rethrows everything else.
inline std::vector<std::optional<Error>> errors_on_ranks(RankSet ranks,
                                                         const std::function<void(Communicator&)>& work) {
  std::vector<std::optional<Error>> errors;
  for (const auto& failure : failures_on_ranks(std::move(ranks), work)) {
    errors.emplace_back();
    if (!failure) continue;
    try {
      std::rethrow_exception(failure);
    } catch (const Error& error) {
      errors.back() = error;
    }
  }
  return errors;
}

// Rethrows what the first rank that failed threw.
inline void on_ranks(RankSet ranks, const std::function<void(Communicator&)>& work) {
  for (const auto& failure : failures_on_ranks(std::move(ranks), work)) {
    if (failure) std::rethrow_exception(failure);
  }
}

}  // namespace checkerlab::model
