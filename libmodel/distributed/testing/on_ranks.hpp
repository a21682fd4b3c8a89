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
#include "base/gang/gang_meeting.hpp"
#include "libmodel/distributed/socket_ranks.hpp"
#include "libmodel/distributed/thread_ranks.hpp"

namespace checkerlab::model {

enum class RanksKind { threads, sockets, tcp };
using RankSet = std::vector<std::unique_ptr<Communicator>>;

inline const char* to_string(RanksKind kind) {
  if (kind == RanksKind::threads) return "threads";
  return kind == RanksKind::sockets ? "sockets" : "tcp";
}

// As make_rank_sockets(), by a meeting over the loopback.
inline std::vector<std::vector<Descriptor>> make_tcp_sockets(int size) {
  GangListener listener("127.0.0.1", {.rank = 0, .size = size, .secret = "s"});
  std::vector<std::vector<Descriptor>> ranks(static_cast<std::size_t>(size));
  std::vector<std::thread> others;
  for (int rank = 1; rank < size; ++rank) {
    others.emplace_back([&, rank] {
      const GangSeat seat{.rank = rank, .size = size, .secret = "s"};
      ranks[static_cast<std::size_t>(rank)].push_back(join_gang("127.0.0.1", listener.port(), seat, {}));
    });
  }
  ranks[0] = listener.meet({});
  for (auto& other : others)
    other.join();
  return ranks;
}

inline RankSet make_ranks(RanksKind kind, int size, std::chrono::milliseconds timeout = std::chrono::seconds(30)) {
  if (kind == RanksKind::threads) return make_thread_ranks(size, timeout);
  auto sockets = kind == RanksKind::tcp ? make_tcp_sockets(size) : make_rank_sockets(size);
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
