// Upload and download of artifacts.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>

#include "base/sha256.hpp"
#include "rpc/http_client_impl.hpp"

namespace checkerlab::rpc {
namespace {

constexpr std::size_t kChunk = 1 << 20;

std::string artifact_target(std::string_view sha256) {
  return "/api/v1/artifacts/" + std::string(sha256);
}

// The `.part` file of a download: appended to, hashed as it grows.
class PartFile {
 public:
  explicit PartFile(std::filesystem::path path) : path_(std::move(path)) {
    fd_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (fd_ < 0) throw errno_error(errno, "open " + path_.string());
  }
  ~PartFile() { ::close(fd_); }
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  std::uint64_t size() const { return size_; }

  // Hashes what an earlier try left.
  void resume() {
    std::string chunk(kChunk, '\0');
    while (const auto count = ::read(fd_, chunk.data(), chunk.size())) {
      if (count < 0) throw errno_error(errno, "read " + path_.string());
      hash_.update(chunk.data(), static_cast<std::size_t>(count));
      size_ += static_cast<std::uint64_t>(count);
    }
  }

  void restart() {
    if (::ftruncate(fd_, 0) != 0 || ::lseek(fd_, 0, SEEK_SET) != 0) throw errno_error(errno, "empty " + path_.string());
    hash_ = Sha256();
    size_ = 0;
  }

  void append(const char* data, std::size_t count) {
    hash_.update(data, count);
    size_ += count;
    while (count > 0) {
      const auto written = ::write(fd_, data, count);
      if (written < 0) throw errno_error(errno, "write " + path_.string());
      data += written;
      count -= static_cast<std::size_t>(written);
    }
  }

  std::string finish() {
    if (::fsync(fd_) != 0) throw errno_error(errno, "sync " + path_.string());
    return hash_.hex();
  }

 private:
  std::filesystem::path path_;
  int fd_ = -1;
  std::uint64_t size_ = 0;
  Sha256 hash_;
};

std::string rest_of_body(HttpConnection& connection) {
  std::string body;
  std::string chunk(kChunk, '\0');
  while (const auto count = connection.read_body(chunk))
    body.append(chunk.data(), count);
  return body;
}

// Asks for the bytes that `part` misses; true when the body of the answer is to be appended.
bool request_rest(HttpConnection& connection, std::string_view sha256, PartFile& part) {
  HttpRequest request{.method = Method::kGet,
                      .target = artifact_target(sha256),
                      .body = {},
                      .content_type = {},
                      .headers = {},
                      .file = {}};
  if (part.size() > 0) request.headers["Range"] = "bytes=" + std::to_string(part.size()) + "-";
  const auto head = connection.start(request);
  if (head.status == 416) return rest_of_body(connection), false;  // nothing is missing: the hash decides
  if (head.status >= 400) require_success(head.status, rest_of_body(connection));
  if (head.status != 206) part.restart();
  return true;
}

}  // namespace

void HttpClient::stream(std::string_view target, const std::function<void(std::string_view)>& take) {
  auto& connection = impl_->connection;
  const auto head = connection.start({.method = Method::kGet,
                                      .target = std::string(target),
                                      .body = {},
                                      .content_type = {},
                                      .headers = {},
                                      .file = {}});
  if (head.status >= 400) require_success(head.status, rest_of_body(connection));
  std::string chunk(kChunk, '\0');
  while (const auto count = connection.read_body(chunk))
    take({chunk.data(), count});
}

bool HttpClient::has_artifact(std::string_view sha256) {
  const auto response = request(Method::kHead, artifact_target(sha256));
  if (response.status == 404) return false;
  require_success(response.status, response.body);
  return true;
}

void HttpClient::upload_file(std::string_view sha256, const std::filesystem::path& file) {
  if (has_artifact(sha256)) return;
  const auto response = impl_->connection.exchange({.method = Method::kPut,
                                                    .target = artifact_target(sha256),
                                                    .body = {},
                                                    .content_type = "application/octet-stream",
                                                    .headers = {},
                                                    .file = file});
  require_success(response.status, response.body);
}

void HttpClient::download_file(std::string_view sha256, const std::filesystem::path& destination,
                               std::uint64_t expected_bytes) {
  auto part_path = destination;
  part_path += ".part";
  std::string actual;
  std::uint64_t bytes = 0;
  {
    PartFile part(part_path);
    part.resume();
    if (expected_bytes == 0 || part.size() < expected_bytes) {
      const bool more = request_rest(impl_->connection, sha256, part);
      std::string chunk(more ? kChunk : 0, '\0');
      while (more) {
        const auto count = impl_->connection.read_body(chunk);
        if (count == 0) break;
        part.append(chunk.data(), count);
      }
    }
    bytes = part.size();
    actual = part.finish();
  }
  if (actual != sha256 || (expected_bytes != 0 && bytes != expected_bytes)) {
    std::filesystem::remove(part_path);
    throw Error(
        ErrorCode::invalid_data,
        "artifact " + std::string(sha256) + " arrived damaged: " + std::to_string(bytes) + " bytes with hash " + actual,
        "The download starts anew on the next try.");
  }
  std::filesystem::rename(part_path, destination);
}

}  // namespace checkerlab::rpc
