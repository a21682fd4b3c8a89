#include "libmodel/memory/fitting_batch.hpp"

#include <algorithm>
#include <cmath>

namespace checkerlab::model {

std::int64_t fitting_batch(std::int64_t available, const MemoryPeak& low, const MemoryPeak& high, std::int64_t tried) {
  if (tried <= 1 || high.items <= low.items) return 0;
  const double grown = static_cast<double>(high.bytes - low.bytes);
  const double per_item =
      grown > 0 ? grown / static_cast<double>(high.items - low.items)
                : static_cast<double>(std::max<std::int64_t>(high.bytes, 1)) / static_cast<double>(high.items);
  const double fixed = std::max(0.0, static_cast<double>(high.bytes) - per_item * static_cast<double>(high.items));
  const double fitting = std::floor((kUsableMemory * static_cast<double>(available) - fixed) / per_item);
  return static_cast<std::int64_t>(std::clamp(fitting, 0.0, static_cast<double>(tried - 1)));
}

}  // namespace checkerlab::model
