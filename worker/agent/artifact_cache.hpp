// Artifacts on the worker's disk, named by their content, up to a size limit.
//
// Layout below the folder: `artifacts/ab/<sha256>` (complete and verified) and `incoming/` (being fetched). Files
// arrive as temporary → hash checked → renamed. Beyond the limit the least recently used files go; a file in use never
// does, so that files in use alone may exceed the limit. Use times are kept as modification times and survive a
// restart. One cache owns its folder. Safe from any thread; two threads that fetch the same artifact fetch it once.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "base/files.hpp"
#include "worker/agent/artifact_source.hpp"

namespace checkerlab::worker {

class ArtifactCache {
 public:
  // Keeps one file from being evicted while it lives. May outlive the cache if both go on one thread.
  class Pin {
   public:
    Pin(std::weak_ptr<ArtifactCache*> cache, std::string sha256, std::filesystem::path path);
    ~Pin();
    Pin(const Pin&) = delete;
    Pin& operator=(const Pin&) = delete;

    const std::filesystem::path& path() const { return path_; }
    const std::string& sha256() const { return sha256_; }

   private:
    std::weak_ptr<ArtifactCache*> cache_;
    std::string sha256_;
    std::filesystem::path path_;
  };
  using PinPtr = std::shared_ptr<const Pin>;

  // Creates the folders and takes in what is there. Throws Error (io_error) when they cannot be made.
  ArtifactCache(std::filesystem::path folder, std::uint64_t limit_bytes, Files& files);

  // Nothing when the artifact is not here.
  PinPtr find(const std::string& sha256);

  // From here or from the source. Throws what the source throws, and Error(invalid_data) when the bytes that came do
  // not have the hash (they are removed). Blocks.
  PinPtr fetch(const std::string& sha256, std::uint64_t bytes, ArtifactSource& source);

  // Takes over a file of the same file system whose hash the caller has just computed.
  PinPtr adopt(const std::string& sha256, const std::filesystem::path& file);

  std::uint64_t total_bytes() const;

 private:
  struct Entry {
    std::uint64_t bytes = 0;
    std::filesystem::file_time_type last_use;
    int pins = 0;
  };

  std::filesystem::path path_of(const std::string& sha256) const;
  void scan();
  PinPtr pin_locked(const std::string& sha256);
  PinPtr insert(const std::string& sha256, const std::filesystem::path& file);
  void evict_locked();
  void unpin(const std::string& sha256);

  std::filesystem::path folder_;
  std::uint64_t limit_;
  Files& files_;
  mutable std::mutex mutex_;
  std::condition_variable fetched_;
  std::set<std::string> fetching_;
  std::map<std::string, Entry> entries_;
  std::uint64_t total_ = 0;
  std::shared_ptr<ArtifactCache*> self_;  // what pins know of this cache
};

// Finds a folder below `root` that no other process uses, and holds it for this process's life: two workers of one
// machine may be given the same root. Throws Error(io_error).
std::filesystem::path claim_cache_folder(const std::filesystem::path& root);

}  // namespace checkerlab::worker
