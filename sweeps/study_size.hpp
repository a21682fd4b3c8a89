// The limit on the size of a study. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace checkerlab::sweeps {

struct StudySize {
  std::int64_t points = 0;
  std::int64_t shards_per_point = 0;
};

inline constexpr const char* kTooLargeFix = "Measure fewer combinations, or use larger shards.";

// The problem with the limit and the number, when there are more points or jobs than kMaxPoints and kMaxJobs
// (plan.hpp).
std::optional<std::string> too_large(const StudySize& size);

}  // namespace checkerlab::sweeps
