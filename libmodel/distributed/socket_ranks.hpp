// Ranks that are processes (or threads), joined by sockets: training on CPUs, and the channel for everything that is
// not on a GPU. Unix sockets for the processes of one host that one process started, TCP for those of several workers.
// CPU tensors only.
//
// Rank 0 holds a connected stream socket to every other rank. A sum goes there, is added up in rank order as it
// arrives, and comes back; a thread of the communicator does this while the caller goes on. A process that ends closes
// its sockets: rank 0 notices at once and tells the others; a host that vanishes is noticed by TCP's own watch after
// half a minute, and so is a process that stands still (stopped, or its machine is). A rank that runs but does not do
// what the others wait for is reported by rank 0 after the time-out, by the others, where it is rank 0, after 1.25
// times that.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "base/error.hpp"
#include "base/pipe.hpp"
#include "libmodel/distributed/communicator.hpp"

namespace checkerlab::model {

// Connected pairs: [0] holds rank 0's ends for ranks 1, 2, …, [r] the end of rank r for rank 0. All close on exec.
std::vector<std::vector<Descriptor>> make_rank_sockets(int size);

struct SocketRankOptions {
  int rank = 0;
  int size = 1;
  std::chrono::milliseconds timeout = kRankTimeout;
  std::chrono::milliseconds standstill = std::chrono::seconds(30);
  // Called once, from the communicator's thread or from abort(), when the communicator fails. Must not call it back.
  std::function<void(const Error&)> on_failure = {};
};
// `sockets` as make_rank_sockets gives them to this rank, or as ranks get them by a meeting over TCP.
std::unique_ptr<Communicator> make_socket_rank(const SocketRankOptions& options, std::vector<Descriptor> sockets);

}  // namespace checkerlab::model
