#include "libmodel/training/memory_used.hpp"

#include <c10/cuda/CUDACachingAllocator.h>
#include <unistd.h>

#include <fstream>

namespace checkerlab::model {

std::int64_t memory_used(c10::Device device) {
  if (device.is_cuda()) {
    const auto stats = c10::cuda::CUDACachingAllocator::getDeviceStats(device.index());
    return stats.allocated_bytes[static_cast<std::size_t>(c10::CachingAllocator::StatType::AGGREGATE)].peak;
  }
  std::int64_t pages = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> pages >> resident;
  return resident * ::sysconf(_SC_PAGE_SIZE);
}

}  // namespace checkerlab::model
