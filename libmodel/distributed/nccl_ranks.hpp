// Ranks that are processes with a GPU each, of one host or several, joined by NCCL through c10d.
//
// CUDA tensors go over NCCL on a stream of its own. CPU tensors, barriers and the watch over the other processes go
// over the sockets of socket_ranks.hpp, so does the id by which NCCL's ranks find each other: a rank that dies is
// noticed there at once, and the NCCL communicator of the others is aborted, so that kernels that wait for it end and
// nobody hangs. A rank that is silent inside NCCL is an Error after the time-out. Between hosts NCCL uses the network
// that it finds (NCCL_SOCKET_IFNAME and others choose), neither encrypted nor authenticated. What kernels left behind
// then is worthless: call throw_if_failed() after synchronising the device and before keeping any result.
#pragma once

#include <c10/core/Device.h>

#include <memory>
#include <vector>

#include "libmodel/distributed/socket_ranks.hpp"

namespace checkerlab::model {

// Settings of NCCL and c10d by environment variables, where the user has not set them: NVLink multicast off, errors
// handled here. With `share_device` also what several ranks on one GPU need (for checks: the socket transport, and a
// host name of its own for every rank, since NCCL refuses a GPU that it sees twice). Before any other thread runs.
void configure_nccl(int rank, bool share_device);

// Connects; every rank must call it. Throws Error where NCCL cannot (its reason in the message), within the time-out.
std::unique_ptr<Communicator> make_nccl_rank(const SocketRankOptions& options, std::vector<Descriptor> sockets,
                                             c10::Device device);

}  // namespace checkerlab::model
