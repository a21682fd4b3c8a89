// What the coordinator counts about its work since it started. Thread-safe; outlives what counts in it.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "coordinator/metrics/histogram.hpp"

namespace checkerlab::coordinator {

struct StoreMetrics {
  Histogram commit_seconds{kShortTimes};  // one transaction, from its beginning until it is on disk
  Histogram commit_changes{kSizes};       // changes that share one
  std::atomic<std::uint64_t> failed_commits = 0;
};

struct ServiceMetrics {
  Histogram queue_seconds{kLongTimes};                   // from ready to assigned
  Histogram dispatch_seconds{kShortTimes};               // from assigned until the worker said that it had begun
  std::array<std::atomic<std::uint64_t>, 7> attempts{};  // by scheduler::AttemptEnd
  std::atomic<std::uint64_t> results_refused = 0;        // of stale attempts
};

}  // namespace checkerlab::coordinator
