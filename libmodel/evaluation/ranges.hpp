// Index ranges of shards, begin ... end-1.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "base/error.hpp"

namespace checkerlab::model {

inline std::string range_text(std::int64_t begin, std::int64_t end) {
  return std::to_string(begin) + " ... " + std::to_string(end - 1);
}

// Sorts shards by their begin and drops repetitions of a range. Throws Error(invalid_argument) when there are none, a
// range is empty, two overlap, or there is a gap between them. Shard has members begin and end.
template <typename Shard>
void order_ranges(std::vector<Shard>& shards) {
  if (shards.empty()) throw Error(ErrorCode::invalid_argument, "there are no shards to merge");
  const auto key = [](const Shard& shard) { return std::pair(shard.begin, shard.end); };
  std::stable_sort(shards.begin(), shards.end(), [&](const Shard& a, const Shard& b) { return key(a) < key(b); });
  const auto repeated =
      std::unique(shards.begin(), shards.end(), [&](const Shard& a, const Shard& b) { return key(a) == key(b); });
  shards.erase(repeated, shards.end());
  for (std::size_t i = 0; i < shards.size(); ++i) {
    const auto text = range_text(shards[i].begin, shards[i].end);
    if (shards[i].end <= shards[i].begin) throw Error(ErrorCode::invalid_argument, "the shard " + text + " is empty");
    if (i == 0 || shards[i].begin == shards[i - 1].end) continue;
    const auto before = range_text(shards[i - 1].begin, shards[i - 1].end);
    throw Error(ErrorCode::invalid_argument, "the shards " + before + " and " + text +
                                                 (shards[i].begin < shards[i - 1].end ? " overlap" : " leave a gap"));
  }
}

}  // namespace checkerlab::model
