// The thread behind one rank of socket_ranks.hpp: takes operations in order and does them over the sockets, listens to
// the other ranks meanwhile, and beats, so that they know that this process runs. Its functions may be called from any
// thread.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <vector>

#include "libmodel/distributed/event_signal.hpp"
#include "libmodel/distributed/rank_socket.hpp"
#include "libmodel/distributed/socket_ranks.hpp"

namespace checkerlab::model {

class RankExchange {
 public:
  struct Operation {
    FrameKind kind = FrameKind::sum;
    std::vector<at::Tensor> tensors;
    bool patient = false;  // no time-out
    bool done = false;
  };

  RankExchange(const SocketRankOptions& options, std::vector<Descriptor> sockets);
  // Finishes what was posted, unless it failed, and tells the other ranks.
  ~RankExchange();
  RankExchange(const RankExchange&) = delete;
  RankExchange& operator=(const RankExchange&) = delete;

  std::shared_ptr<Operation> post(FrameKind kind, std::vector<at::Tensor> tensors, bool patient = false);
  void wait(const Operation& operation);
  void throw_if_failed();
  void fail(const Error& error) noexcept;

 private:
  using Deadline = RankSocket::Deadline;
  struct Peer {
    explicit Peer(RankSocket connected) : socket(std::move(connected)) {}
    RankSocket socket;
    std::optional<FrameHeader> waiting;  // header of a frame that came before its operation
    bool left = false;
  };

  void run() noexcept;
  std::shared_ptr<Operation> next();
  void listen();
  // Beats on all sockets when it is time to; gives when it is again.
  Deadline beat_when_due();
  void hear(Peer& peer, Deadline deadline);
  void perform(Operation& operation);
  Deadline deadline_of(const Operation& operation) const;
  void perform_as_root(const Operation& operation, const FrameHeader& request, const FrameHeader& reply);
  void perform_as_other(const Operation& operation, const FrameHeader& request, const FrameHeader& reply);
  void send(Peer& peer, const FrameHeader& header, const std::vector<std::span<std::byte>>& payload, Deadline deadline);
  void expect(Peer& peer, const FrameHeader& wanted, Deadline deadline);
  void add_from(Peer& peer, const Operation& operation, Deadline deadline);
  void say_farewell() noexcept;

  const SocketRankOptions options_;
  EventSignal posted_, interrupt_;

  // The thread's own.
  std::vector<Peer> peers_;
  std::vector<std::byte> chunk_;
  std::uint64_t number_ = 0;  // of the operation that is done next
  Deadline next_beat_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<Operation>> queue_;
  std::optional<Error> failure_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace checkerlab::model
