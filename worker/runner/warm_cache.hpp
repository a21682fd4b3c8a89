// Loaded objects (models, networks, data sets) that a runner keeps between jobs, keyed by the content hash of the files
// they were made from. A small least-recently-used cache: objects in use stay alive by their shared_ptr even when they
// are dropped from it. Not thread-safe: used by the one thread that runs jobs.
#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <string>
#include <typeindex>
#include <utility>

namespace checkerlab::worker {

class WarmCache {
 public:
  explicit WarmCache(std::size_t capacity) : capacity_(capacity) {}

  // The object of type T under `key`, made by `make()` (returning shared_ptr<T>) when it is not there. What `make`
  // throws passes through and leaves the cache as it was.
  template <class T, class Make>
  std::shared_ptr<T> get(const std::string& key, Make&& make) {
    if (auto found = find(typeid(T), key)) return std::static_pointer_cast<T>(found);
    std::shared_ptr<T> made = std::forward<Make>(make)();
    insert(typeid(T), key, made);
    return made;
  }

  void clear() { entries_.clear(); }
  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    std::type_index type;
    std::string key;
    std::shared_ptr<void> object;
  };

  std::shared_ptr<void> find(std::type_index type, const std::string& key);
  void insert(std::type_index type, const std::string& key, std::shared_ptr<void> object);

  std::size_t capacity_;
  std::list<Entry> entries_;  // most recently used first
};

}  // namespace checkerlab::worker
