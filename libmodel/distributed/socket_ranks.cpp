#include "libmodel/distributed/socket_ranks.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <string>
#include <utility>

#include "libmodel/distributed/operation.hpp"
#include "libmodel/distributed/rank_exchange.hpp"

namespace checkerlab::model {
namespace {

class Pending final : public PendingOperation {
 public:
  Pending(std::shared_ptr<RankExchange> exchange, std::shared_ptr<RankExchange::Operation> operation)
      : exchange_(std::move(exchange)), operation_(std::move(operation)) {}
  void wait() override { exchange_->wait(*operation_); }

 private:
  std::shared_ptr<RankExchange> exchange_;
  std::shared_ptr<RankExchange::Operation> operation_;
};

class SocketRank final : public Communicator {
 public:
  SocketRank(const SocketRankOptions& options, std::vector<Descriptor> sockets)
      : rank_(options.rank),
        size_(options.size),
        exchange_(std::make_shared<RankExchange>(options, std::move(sockets))) {}

  int rank() const override { return rank_; }
  int size() const override { return size_; }
  std::unique_ptr<PendingOperation> all_reduce_sum(std::vector<at::Tensor> tensors) override {
    check_cpu_tensors(tensors, true);
    return std::make_unique<Pending>(exchange_, exchange_->post(FrameKind::sum, std::move(tensors)));
  }
  void broadcast(std::vector<at::Tensor> tensors) override {
    check_cpu_tensors(tensors, false);
    exchange_->wait(*exchange_->post(FrameKind::broadcast, std::move(tensors)));
  }
  void barrier() override { all_reduce_sum({})->wait(); }
  void patient_barrier() override { exchange_->wait(*exchange_->post(FrameKind::sum, {}, /*patient=*/true)); }
  void throw_if_failed() override { exchange_->throw_if_failed(); }
  void abort(const std::string& reason) noexcept override {
    exchange_->fail(Error(ErrorCode::unavailable, "rank " + std::to_string(rank_) + " failed: " + reason));
  }

 private:
  const int rank_, size_;
  std::shared_ptr<RankExchange> exchange_;
};

}  // namespace

std::vector<std::vector<Descriptor>> make_rank_sockets(int size) {
  std::vector<std::vector<Descriptor>> ranks(static_cast<std::size_t>(size));
  for (std::size_t rank = 1; rank < ranks.size(); ++rank) {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
      throw errno_error(errno, "make a socket between ranks");
    ranks[0].emplace_back(ends[0]);
    ranks[rank].emplace_back(ends[1]);
  }
  return ranks;
}

std::unique_ptr<Communicator> make_socket_rank(const SocketRankOptions& options, std::vector<Descriptor> sockets) {
  const std::size_t wanted = options.rank == 0 ? static_cast<std::size_t>(options.size) - 1 : 1;
  if (options.rank < 0 || options.rank >= options.size || sockets.size() != wanted)
    throw Error(ErrorCode::internal, "rank " + std::to_string(options.rank) + " of " + std::to_string(options.size) +
                                         " was given " + std::to_string(sockets.size()) + " sockets");
  return std::make_unique<SocketRank>(options, std::move(sockets));
}

}  // namespace checkerlab::model
