#include "libmodel/memory/device_memory.hpp"

#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAFunctions.h>
#include <c10/cuda/CUDAGuard.h>
#include <cuda_runtime_api.h>

#include <cstdio>

#include "libmodel/device.hpp"

namespace checkerlab::model {
namespace {

namespace allocator = c10::cuda::CUDACachingAllocator;
constexpr std::size_t kAll = 0;  // pools together, in the allocator's statistics

class CudaMemory final : public DeviceMemory {
 public:
  explicit CudaMemory(c10::Device device) : device_(device) {}

  std::string name() const override {
    const DeviceInfo info = describe_device(device_);
    return info.name + " (" + memory_text(info.memory_bytes) + ")";
  }
  std::int64_t available() const override {
    const c10::cuda::CUDAGuard guard(device_);
    std::size_t free = 0, total = 0;
    if (cudaMemGetInfo(&free, &total) != cudaSuccess) return 0;
    return static_cast<std::int64_t>(free) + allocator::getDeviceStats(device_.index()).reserved_bytes[kAll].current;
  }
  std::int64_t peak() const override {
    c10::cuda::device_synchronize();
    return allocator::getDeviceStats(device_.index()).allocated_bytes[kAll].peak;
  }
  std::int64_t in_use() const override {
    return allocator::getDeviceStats(device_.index()).allocated_bytes[kAll].current;
  }
  void begin() override {
    const c10::cuda::CUDAGuard guard(device_);
    c10::cuda::device_synchronize();
    allocator::emptyCache();
    allocator::resetPeakStats(device_.index());
  }

 private:
  const c10::Device device_;
};

}  // namespace

std::unique_ptr<DeviceMemory> device_memory(c10::Device device) {
  if (!device.is_cuda()) return nullptr;
  return std::make_unique<CudaMemory>(device);
}

std::string memory_text(std::int64_t bytes) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f GiB", static_cast<double>(bytes) / static_cast<double>(1 << 30));
  return text;
}

}  // namespace checkerlab::model
