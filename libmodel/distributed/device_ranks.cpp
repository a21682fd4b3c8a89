#include "libmodel/distributed/device_ranks.hpp"

#include <utility>

#include "libmodel/distributed/nccl_ranks.hpp"

namespace checkerlab::model {

std::unique_ptr<Communicator> make_device_rank(const SocketRankOptions& options, std::vector<Descriptor> sockets,
                                               c10::Device device) {
  if (options.size == 1) return std::make_unique<SingleRank>();
  if (!device.is_cuda()) return make_socket_rank(options, std::move(sockets));
  return make_nccl_rank(options, std::move(sockets), device);
}

}  // namespace checkerlab::model
