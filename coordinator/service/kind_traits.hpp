// How kinds of jobs are scheduled: what decides the order, not what they do.
#pragma once

#include <cstdint>
#include <string_view>

namespace checkerlab::coordinator {

struct KindTraits {
  std::int16_t priority = 0;  // larger runs first
  bool prefetch = true;       // short enough to wait at a worker for a free slot
};

// Scores and grids go first, so that a figure fills while the rest runs; training never waits behind something else at
// a worker while another worker is free.
KindTraits kind_traits(std::string_view kind);

}  // namespace checkerlab::coordinator
