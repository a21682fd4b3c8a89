#include "worker/agent/artifact_cache.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/error.hpp"
#include "base/sha256.hpp"

namespace checkerlab::worker {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::hours kOldestPart{24};

void remove_old_parts(const fs::path& folder) {
  const auto oldest = fs::file_time_type::clock::now() - kOldestPart;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.last_write_time() < oldest) fs::remove_all(entry.path());
  }
}

}  // namespace

ArtifactCache::Pin::Pin(std::weak_ptr<ArtifactCache*> cache, std::string sha256, fs::path path)
    : cache_(std::move(cache)), sha256_(std::move(sha256)), path_(std::move(path)) {}

ArtifactCache::Pin::~Pin() {
  if (const auto cache = cache_.lock()) (*cache)->unpin(sha256_);
}

ArtifactCache::ArtifactCache(fs::path folder, std::uint64_t limit_bytes, Files& files)
    : folder_(std::move(folder)), limit_(limit_bytes), files_(files), self_(std::make_shared<ArtifactCache*>(this)) {
  try {
    fs::create_directories(folder_ / "artifacts");
    fs::create_directories(folder_ / "incoming");
    remove_old_parts(folder_ / "incoming");
    scan();
  } catch (const fs::filesystem_error& error) {
    throw Error(ErrorCode::io_error,
                "the cache folder " + folder_.string() + " cannot be used: " + error.code().message(),
                "name another one with --cache");
  }
  const std::lock_guard lock(mutex_);
  evict_locked();
}

void ArtifactCache::scan() {
  for (const auto& file : fs::recursive_directory_iterator(folder_ / "artifacts")) {
    const auto name = file.path().filename().string();
    if (!file.is_regular_file() || !is_sha256_hex(name)) continue;
    entries_[name] = {file.file_size(), file.last_write_time(), 0};
    total_ += file.file_size();
  }
}

ArtifactCache::PinPtr ArtifactCache::find(const std::string& sha256) {
  const std::lock_guard lock(mutex_);
  return entries_.contains(sha256) ? pin_locked(sha256) : nullptr;
}

ArtifactCache::PinPtr ArtifactCache::fetch(const std::string& sha256, std::uint64_t bytes, ArtifactSource& source) {
  {
    std::unique_lock lock(mutex_);
    fetched_.wait(lock, [&] { return !fetching_.contains(sha256); });
    if (entries_.contains(sha256)) return pin_locked(sha256);
    fetching_.insert(sha256);
  }
  const std::shared_ptr<void> done(nullptr, [&](void*) {
    const std::lock_guard lock(mutex_);
    fetching_.erase(sha256);
    fetched_.notify_all();
  });
  const auto incoming = folder_ / "incoming" / sha256;
  source.download(sha256, bytes, incoming);
  if (const auto found = sha256_file(incoming); found != sha256) {
    files_.remove(incoming);
    throw Error(
        ErrorCode::invalid_data, "artifact " + sha256 + " arrived damaged: its bytes have the hash " + found,
        "it is fetched again at the next attempt; check the network and the coordinator's disk if this goes on");
  }
  return insert(sha256, incoming);
}

ArtifactCache::PinPtr ArtifactCache::adopt(const std::string& sha256, const fs::path& file) {
  if (auto pin = find(sha256)) {
    files_.remove(file);
    return pin;
  }
  return insert(sha256, file);
}

std::uint64_t ArtifactCache::total_bytes() const {
  const std::lock_guard lock(mutex_);
  return total_;
}

fs::path ArtifactCache::path_of(const std::string& sha256) const {
  return folder_ / "artifacts" / sha256.substr(0, 2) / sha256;
}

ArtifactCache::PinPtr ArtifactCache::pin_locked(const std::string& sha256) {
  auto& entry = entries_.at(sha256);
  const auto path = path_of(sha256);
  entry.last_use = fs::file_time_type::clock::now();
  std::error_code ignored;  // the use time is a hint
  fs::last_write_time(path, entry.last_use, ignored);
  ++entry.pins;
  return std::make_shared<const Pin>(self_, sha256, path);
}

ArtifactCache::PinPtr ArtifactCache::insert(const std::string& sha256, const fs::path& file) {
  const auto path = path_of(sha256);
  const auto bytes = fs::file_size(file);
  fs::create_directories(path.parent_path());
  files_.commit(file, path);
  const std::lock_guard lock(mutex_);
  if (entries_.emplace(sha256, Entry{bytes, {}, 0}).second) total_ += bytes;
  auto pin = pin_locked(sha256);
  evict_locked();
  return pin;
}

void ArtifactCache::evict_locked() {
  while (total_ > limit_) {
    auto oldest = entries_.end();
    for (auto entry = entries_.begin(); entry != entries_.end(); ++entry) {
      if (entry->second.pins > 0) continue;
      if (oldest == entries_.end() || entry->second.last_use < oldest->second.last_use) oldest = entry;
    }
    if (oldest == entries_.end()) return;  // all in use
    files_.remove(path_of(oldest->first));
    total_ -= oldest->second.bytes;
    entries_.erase(oldest);
  }
}

void ArtifactCache::unpin(const std::string& sha256) {
  const std::lock_guard lock(mutex_);
  const auto entry = entries_.find(sha256);
  if (entry != entries_.end()) --entry->second.pins;
  // Called from a destructor: a file that cannot be removed now is tried again at the next eviction.
  try {
    evict_locked();
  } catch (const Error&) {
  }
}

}  // namespace checkerlab::worker
