// How much memory a training uses.
#pragma once

#include <c10/core/Device.h>

#include <cstdint>

namespace checkerlab::model {

// CUDA: the most bytes of tensors that were alive at once on the device since the process began; CPU: the bytes of the
// process that are in memory now.
std::int64_t memory_used(c10::Device device);

}  // namespace checkerlab::model
