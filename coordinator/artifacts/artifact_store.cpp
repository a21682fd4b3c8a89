#include "coordinator/artifacts/artifact_store.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "base/error.hpp"
#include "base/random_token.hpp"

namespace checkerlab::coordinator {
namespace {

std::filesystem::path checked_path(const std::filesystem::path& folder, std::string_view sha256) {
  if (!is_sha256_hex(sha256)) {
    throw Error(ErrorCode::invalid_argument, "'" + std::string(sha256.substr(0, 80)) + "' names no artifact",
                "An artifact's name is its SHA-256: 64 lower-case hex digits.");
  }
  return folder / sha256.substr(0, 2) / sha256;
}

}  // namespace

IncomingArtifact::IncomingArtifact(Files& files, std::filesystem::path temporary, std::filesystem::path destination,
                                   std::string sha256)
    : files_(files),
      temporary_(std::move(temporary)),
      destination_(std::move(destination)),
      sha256_(std::move(sha256)),
      fd_(::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644)) {
  if (fd_ < 0) throw errno_error(errno, "create " + temporary_.string());
}

IncomingArtifact::~IncomingArtifact() {
  close();
  std::error_code ignored;
  std::filesystem::remove(temporary_, ignored);  // gone already after a commit
}

void IncomingArtifact::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

void IncomingArtifact::write(std::string_view bytes) {
  hash_.update(bytes);
  bytes_ += bytes.size();
  while (!bytes.empty()) {
    const auto written = ::write(fd_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw errno_error(errno, "write " + temporary_.string());
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

void IncomingArtifact::commit() {
  const auto actual = hash_.hex();
  if (actual != sha256_) {
    throw Error(ErrorCode::invalid_data,
                "the bytes sent for artifact " + sha256_ + " have the hash " + actual + "; nothing was kept",
                "Send the file again; if it happens again, the file changed since it was hashed.");
  }
  if (::fsync(fd_) != 0) throw errno_error(errno, "sync " + temporary_.string());
  close();
  std::filesystem::create_directories(destination_.parent_path());
  files_.commit(temporary_, destination_);
}

ArtifactStore::ArtifactStore(std::filesystem::path folder, Files& files, ForReading)
    : folder_(std::move(folder)), incoming_(folder_ / "incoming"), files_(files) {}

ArtifactStore ArtifactStore::reader(std::filesystem::path folder, Files& files) {
  return {std::move(folder), files, ForReading{}};
}

ArtifactStore::ArtifactStore(std::filesystem::path folder, Files& files)
    : ArtifactStore(std::move(folder), files, ForReading{}) {
  std::filesystem::remove_all(incoming_);
  std::filesystem::create_directories(incoming_);
}

std::filesystem::path ArtifactStore::path(std::string_view sha256) const {
  return checked_path(folder_, sha256);
}

std::optional<std::uint64_t> ArtifactStore::size(std::string_view sha256) const {
  std::error_code error;
  const auto bytes = std::filesystem::file_size(path(sha256), error);
  return error ? std::nullopt : std::optional<std::uint64_t>(bytes);
}

std::filesystem::path ArtifactStore::temporary(const std::string& what) const {
  return incoming_ / (what + "." + random_token(8));
}

std::unique_ptr<IncomingArtifact> ArtifactStore::receive(std::string_view sha256, std::uint64_t expected_bytes) {
  auto destination = path(sha256);
  const auto available = files_.free_bytes(folder_);
  if (available < kReserveBytes || available - kReserveBytes < expected_bytes) {
    throw Error(ErrorCode::disk_full,
                "artifact " + std::string(sha256) + " needs " + std::to_string(expected_bytes) + " bytes, but " +
                    folder_.string() + " has " + std::to_string(available) + " free (" + std::to_string(kReserveBytes) +
                    " are kept for the database)",
                "Free space on that disk; the worker sends the artifact again.");
  }
  return std::make_unique<IncomingArtifact>(files_, incoming_ / (std::string(sha256) + "." + random_token(8)),
                                            std::move(destination), std::string(sha256));
}

}  // namespace checkerlab::coordinator
