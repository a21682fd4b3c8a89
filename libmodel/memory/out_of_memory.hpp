// What to say when a batch does not fit into memory: which batch would.
#pragma once

#include <c10/core/Device.h>
#include <c10/util/Exception.h>

#include <cstdint>
#include <functional>
#include <string>

#include "base/error.hpp"
#include "libmodel/memory/device_memory.hpp"

namespace checkerlab::model {

// True for LibTorch's errors about exhausted memory, of the host or of a device.
bool is_out_of_memory(const c10::Error& error);

// Work whose memory grows with a batch, as errors name it.
struct BatchWork {
  std::string doing;         // "sampling"
  std::string items;         // "images"
  std::string setting;       // what a person sets: "batch"
  std::int64_t divides = 0;  // the setting must divide this number; 0: it may be any
};

// The largest batch below `tried` that `trial` does without running out of memory; 0 when not even one item fits. Does
// a small batch, estimates from the peaks (fitting_batch.hpp), and does the estimated one, less where that fails: about
// four trials. Exceptions of `trial` other than exhausted memory pass through.
std::int64_t find_fitting_batch(DeviceMemory& memory, std::int64_t tried,
                                const std::function<void(std::int64_t)>& trial);

// Runs `work`, which handles `batch` items at once. Where it runs out of memory: throws Error(out_of_memory) that says
// what was tried, the memory there is, and the batch that fits, found with `trial` (the same work on so many items,
// without lasting effect). On a CPU nothing can be measured: half the batch is advised.
void with_batch_advice(const BatchWork& what, std::int64_t batch, c10::Device device, const std::function<void()>& work,
                       const std::function<void(std::int64_t)>& trial);

// The Error of with_batch_advice(); `memory` may be null. Finds the batch by trials.
Error out_of_memory_error(const BatchWork& what, std::int64_t batch, DeviceMemory* memory,
                          const std::function<void(std::int64_t)>& trial);

}  // namespace checkerlab::model
