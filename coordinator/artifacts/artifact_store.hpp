// Content-addressed files: `<folder>/ab/abcdef…`, named by the SHA-256 of their bytes and never changed afterwards.
//
// An artifact appears only whole and verified: bytes go to `<folder>/incoming/`, are hashed on the way, synced and
// renamed. What a crash left in `incoming/` is removed when the store is opened. Thread-safe; an IncomingArtifact
// belongs to one thread at a time. Failures throw Error: invalid_argument (a name that is no hash), invalid_data (other
// bytes than announced), disk_full.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/files.hpp"
#include "base/sha256.hpp"

namespace checkerlab::coordinator {

class ArtifactStore;

// An artifact on its way in. Destroyed without commit(), it leaves nothing behind.
class IncomingArtifact {
 public:
  IncomingArtifact(Files& files, std::filesystem::path temporary, std::filesystem::path destination,
                   std::string sha256);
  ~IncomingArtifact();
  IncomingArtifact(const IncomingArtifact&) = delete;
  IncomingArtifact& operator=(const IncomingArtifact&) = delete;

  void write(std::string_view bytes);
  // Checks the hash, syncs and renames.
  void commit();
  std::uint64_t bytes() const { return bytes_; }

 private:
  void close();

  Files& files_;
  const std::filesystem::path temporary_;
  const std::filesystem::path destination_;
  const std::string sha256_;
  Sha256 hash_;
  std::uint64_t bytes_ = 0;
  int fd_ = -1;
};

class ArtifactStore {
 public:
  // Makes the folder. `files` outlives the store.
  ArtifactStore(std::filesystem::path folder, Files& files);

  // For looking at the artifacts of another process: makes and clears nothing, and must not receive().
  static ArtifactStore reader(std::filesystem::path folder, Files& files);

  // The size when it is here. Quick: one stat.
  std::optional<std::uint64_t> size(std::string_view sha256) const;
  bool exists(std::string_view sha256) const { return size(sha256).has_value(); }

  // Where an artifact's bytes are or would be. Anything but 64 lower-case hex digits is refused, so no name leaves the
  // folder.
  std::filesystem::path path(std::string_view sha256) const;

  // Refuses with Error(disk_full) when `expected_bytes` would not leave kReserveBytes free.
  std::unique_ptr<IncomingArtifact> receive(std::string_view sha256, std::uint64_t expected_bytes);

  // Left to all that is written on this disk.
  std::uint64_t free_bytes() const { return files_.free_bytes(folder_); }
  // A name for a file that only lives while it is needed; the next start removes it.
  std::filesystem::path temporary(const std::string& what) const;

  static constexpr std::uint64_t kReserveBytes = 64ULL << 20;  // for the database

 private:
  struct ForReading {};
  ArtifactStore(std::filesystem::path folder, Files& files, ForReading);

  const std::filesystem::path folder_;
  const std::filesystem::path incoming_;
  Files& files_;
};

}  // namespace checkerlab::coordinator
