// One rank over given connections, on whatever device it computes on.
#pragma once

#include <c10/core/Device.h>

#include <memory>
#include <vector>

#include "libmodel/distributed/socket_ranks.hpp"

namespace checkerlab::model {

// CPU ranks for a CPU, NCCL for a GPU: all ranks must have devices of one type. configure_nccl() must have been called
// for GPUs. `sockets`: rank 0's connections to ranks 1, 2, … in order, or another rank's one to rank 0; Unix or TCP
// sockets (see base/gang/gang_meeting.hpp). Throws what the communicators throw.
std::unique_ptr<Communicator> make_device_rank(const SocketRankOptions& options, std::vector<Descriptor> sockets,
                                               c10::Device device);

}  // namespace checkerlab::model
