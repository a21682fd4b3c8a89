#include "worker/jobs/compute.hpp"

#include "libmodel/device.hpp"
#include "libmodel/distributed/nccl_ranks.hpp"

namespace checkerlab::worker {

ComputeDevice describe_compute_device(const std::string& device) {
  const auto found = model::describe_device(model::select_device(device));
  return {found.type, found.name, static_cast<std::uint64_t>(found.memory_bytes), found.count};
}

void configure_compute_process(int threads) {
  model::configure_compute(threads);
  model::configure_nccl(0, /*share_device=*/false);
}

}  // namespace checkerlab::worker
