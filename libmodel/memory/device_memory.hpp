// A device's memory, behind a seam for tests.
#pragma once

#include <c10/core/Device.h>

#include <cstdint>
#include <memory>
#include <string>

namespace checkerlab::model {

class DeviceMemory {
 public:
  virtual ~DeviceMemory() = default;
  // "NVIDIA H200 (139.8 GiB)".
  virtual std::string name() const = 0;
  // Bytes that this process can use: what it holds and what is free, other processes' memory not counted.
  virtual std::int64_t available() const = 0;
  // Most bytes that tensors had at any time since begin().
  virtual std::int64_t peak() const = 0;
  virtual std::int64_t in_use() const = 0;
  // Gives cached memory back and starts a new peak.
  virtual void begin() = 0;
};

// By LibTorch's allocator; nothing for a device that is not a CUDA device.
std::unique_ptr<DeviceMemory> device_memory(c10::Device device);

// "1.5 GiB".
std::string memory_text(std::int64_t bytes);

}  // namespace checkerlab::model
