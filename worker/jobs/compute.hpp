// What computes in this process. For the executable, which knows nothing of libmodel.
#pragma once

#include <cstdint>
#include <string>

namespace checkerlab::worker {

struct ComputeDevice {
  std::string type;  // "cpu" or "cuda"
  std::string name;
  std::uint64_t memory_bytes = 0;
  int count = 1;
};

// Describes "auto", "cpu" or "cuda". Throws Error(invalid_argument) when that device is not there.
ComputeDevice describe_compute_device(const std::string& device);

// Settings that results and speed depend on; `threads` 0 leaves their number as it is. Call once, before any job.
void configure_compute_process(int threads);

}  // namespace checkerlab::worker
