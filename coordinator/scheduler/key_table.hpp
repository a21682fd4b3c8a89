// Jobs by key: open addressing in one piece of memory, so that a million jobs cost 16 MiB and are put in within tens of
// milliseconds. The keys themselves stay with the jobs: `key_of(JobIndex)` gives them. Nothing is ever taken out.
// A value; not thread-safe.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "coordinator/scheduler/ids.hpp"

namespace checkerlab::coordinator::scheduler {

class KeyTable {
 public:
  std::size_t size() const { return size_; }

  template <class KeyOf>
  std::optional<JobIndex> find(const Key& key, KeyOf&& key_of) const {
    if (places_.empty()) return std::nullopt;
    const std::size_t hash = KeyHash{}(key);
    for (std::size_t at = hash & mask();; at = (at + 1) & mask()) {
      const Place& place = places_[at];
      if (place.job == kFree) return std::nullopt;
      const auto job = static_cast<JobIndex>(place.job);
      if (place.tag == tag_of(hash) && key_of(job) == key) return job;
    }
  }

  // The key must not be there yet.
  template <class KeyOf>
  void insert(JobIndex job, KeyOf&& key_of) {
    if (2 * (size_ + 1) > places_.size()) reserve(2 * (size_ + 1), key_of);
    put(KeyHash{}(key_of(job)), static_cast<std::uint32_t>(job));
    ++size_;
  }

  // Makes room for so many in all.
  template <class KeyOf>
  void reserve(std::size_t count, KeyOf&& key_of) {
    const std::size_t wanted = std::bit_ceil(std::max(2 * count, kLeast));
    if (wanted <= places_.size()) return;
    const std::vector<Place> old = std::exchange(places_, std::vector<Place>(wanted));
    for (const Place& place : old) {
      if (place.job != kFree) put(KeyHash{}(key_of(static_cast<JobIndex>(place.job))), place.job);
    }
  }

 private:
  static constexpr std::size_t kLeast = 64;
  static constexpr std::uint32_t kFree = 0xffff'ffff;
  struct Place {
    std::uint32_t tag = 0;  // of the hash, and not what chooses the place: most other keys differ in it
    std::uint32_t job = kFree;
  };

  static std::uint32_t tag_of(std::size_t hash) { return static_cast<std::uint32_t>(hash >> 32U); }
  std::size_t mask() const { return places_.size() - 1; }

  void put(std::size_t hash, std::uint32_t job) {
    std::size_t at = hash & mask();
    while (places_[at].job != kFree)
      at = (at + 1) & mask();
    places_[at] = {tag_of(hash), job};
  }

  std::vector<Place> places_;  // a power of two of them, at most half of them in use
  std::size_t size_ = 0;
};

}  // namespace checkerlab::coordinator::scheduler
