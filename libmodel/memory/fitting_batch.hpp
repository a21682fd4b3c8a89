// How many items fit into a device's memory.
//
// The memory that work on b items needs at its peak is taken to be a line, fixed + b · per_item: `fixed` is what the
// work needs for any number (weights, moments, gradients), `per_item` what it keeps for one (activations, cache). Two
// measured peaks give the line. Five per cent of the memory are left for what an allocator cannot use.
#pragma once

#include <cstdint>

namespace checkerlab::model {

inline constexpr double kUsableMemory = 0.95;

struct MemoryPeak {
  std::int64_t items = 0;
  std::int64_t bytes = 0;  // most in use at any time, everything included
};

// The largest number of items below `tried` (which did not fit) that fits into `available` bytes; 0 when not even one
// does. Needs low.items < high.items. Peaks that do not grow say nothing about an item: then high.bytes / high.items
// counts as an item's.
std::int64_t fitting_batch(std::int64_t available, const MemoryPeak& low, const MemoryPeak& high, std::int64_t tried);

}  // namespace checkerlab::model
