#include "worker/runner/warm_cache.hpp"

#include <algorithm>

namespace checkerlab::worker {

std::shared_ptr<void> WarmCache::find(std::type_index type, const std::string& key) {
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const Entry& entry) { return entry.type == type && entry.key == key; });
  if (found == entries_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found);
  return entries_.front().object;
}

void WarmCache::insert(std::type_index type, const std::string& key, std::shared_ptr<void> object) {
  entries_.push_front(Entry{type, key, std::move(object)});
  while (entries_.size() > capacity_)
    entries_.pop_back();
}

}  // namespace checkerlab::worker
