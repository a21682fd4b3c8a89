// Artifacts over HTTP: the real client against the real server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/error.hpp"
#include "base/sha256.hpp"
#include "coordinator/app/testing/running_coordinator.hpp"
#include "rpc/http_connection.hpp"

namespace checkerlab::coordinator {
namespace {

using rpc::Method;

std::string many_bytes() {
  std::string bytes;
  while (bytes.size() < 3'000'000)
    bytes += std::to_string(bytes.size()) + ",";
  return bytes;
}

class ArtifactTransfer : public testing::Test {
 protected:
  std::filesystem::path file(const std::string& name, const std::string& bytes) {
    const auto path = folder_.path() / name;
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }
  std::string target(const std::string& sha) const { return "/api/v1/artifacts/" + sha; }
  std::size_t files_kept(const RunningCoordinator& coordinator) const {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(coordinator.data() / "artifacts")) {
      if (entry.is_regular_file()) ++count;
    }
    return count;
  }
  const TemporaryFolder folder_;
};

TEST_F(ArtifactTransfer, ThereAndBack) {
  RunningCoordinator coordinator;
  auto client = coordinator.client();
  const auto bytes = many_bytes();
  const auto sha = sha256_hex(bytes);
  EXPECT_FALSE(client.has_artifact(sha));
  client.upload_file(sha, file("up", bytes));
  client.upload_file(sha, file("up", bytes));
  EXPECT_TRUE(client.has_artifact(sha));
  client.download_file(sha, folder_.path() / "down", bytes.size());
  EXPECT_EQ(SystemFiles().read(folder_.path() / "down"), bytes);
  EXPECT_EQ(files_kept(coordinator), 1u);
}

TEST_F(ArtifactTransfer, ResumesAPart) {
  RunningCoordinator coordinator;
  auto client = coordinator.client();
  const auto bytes = many_bytes();
  const auto sha = sha256_hex(bytes);
  client.upload_file(sha, file("up", bytes));
  file("down.part", bytes.substr(0, 1'234'567));
  client.download_file(sha, folder_.path() / "down", bytes.size());
  EXPECT_EQ(SystemFiles().read(folder_.path() / "down"), bytes);
}

TEST_F(ArtifactTransfer, WrongBytesAreRefusedAndNotKept) {
  RunningCoordinator coordinator;
  auto client = coordinator.client();
  const auto sha = sha256_hex("announced");
  try {
    client.upload_file(sha, file("up", "other bytes"));
    FAIL() << "no error";
  } catch (const rpc::ApiError& error) {
    EXPECT_EQ(error.status(), 422);
    EXPECT_EQ(error.code(), ErrorCode::invalid_data);
  }
  EXPECT_FALSE(client.has_artifact(sha));
  EXPECT_EQ(files_kept(coordinator), 0u);
}

TEST_F(ArtifactTransfer, NamesThatAreNoHashAreRefused) {
  RunningCoordinator coordinator;
  auto client = coordinator.client();
  for (const auto* name : {"..%2F..%2Ftoken", "token", "%2e%2e", "ABCDEF"}) {
    EXPECT_EQ(client.request(Method::kGet, target(name)).status, 400) << name;
    EXPECT_EQ(client.request(Method::kPut, target(name), "x").status, 400) << name;
  }
  EXPECT_EQ(files_kept(coordinator), 0u);
}

// A disk that has no room.
class FullDisk final : public Files {
 public:
  std::string read(const std::filesystem::path& file) override { return real_.read(file); }
  void write_atomic(const std::filesystem::path& file, std::string_view data, unsigned mode) override {
    real_.write_atomic(file, data, mode);
  }
  void commit(const std::filesystem::path& temporary, const std::filesystem::path&) override {
    throw errno_error(ENOSPC, "rename " + temporary.string());
  }
  void remove(const std::filesystem::path& file) override { real_.remove(file); }
  bool exists(const std::filesystem::path& file) override { return real_.exists(file); }
  std::uintmax_t free_bytes(const std::filesystem::path&) override { return free; }

  std::uintmax_t free = 0;

 private:
  SystemFiles real_;
};

TEST_F(ArtifactTransfer, AFullDiskKeepsNothing) {
  for (const std::uintmax_t free : {std::uintmax_t{0}, std::uintmax_t{1} << 40}) {
    FullDisk disk;
    disk.free = free;
    RunningCoordinator coordinator(&disk);
    auto client = coordinator.client();
    try {
      client.upload_file(sha256_hex("bytes"), file("up", "bytes"));
      FAIL() << "no error";
    } catch (const rpc::ApiError& error) {
      EXPECT_EQ(error.status(), 507);
      EXPECT_EQ(error.code(), ErrorCode::disk_full);
    }
    EXPECT_EQ(files_kept(coordinator), 0u);
  }
}

class ArtifactHeaders : public ArtifactTransfer {
 protected:
  ArtifactHeaders() { client_.upload_file(sha_, file("up", "0123456789")); }
  rpc::HttpResponse get(Method method = Method::kGet, const std::string& query = {}) {
    return client_.request(method, target(sha_) + query);
  }
  RunningCoordinator coordinator_;
  rpc::HttpClient client_ = coordinator_.client();
  const std::string sha_ = sha256_hex("0123456789");
};

TEST_F(ArtifactHeaders, SayWhatItIs) {
  const auto whole = get(Method::kGet, "?name=grid.png");
  EXPECT_EQ(whole.status, 200);
  EXPECT_EQ(whole.body, "0123456789");
  EXPECT_EQ(whole.headers.at("etag"), "\"" + sha_ + "\"");
  EXPECT_EQ(whole.headers.at("content-type"), "image/png");
  EXPECT_EQ(whole.headers.at("accept-ranges"), "bytes");
  const auto head = get(Method::kHead);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.headers.at("content-length"), "10");
  EXPECT_EQ(head.body, "");
}

TEST_F(ArtifactHeaders, ARangeIsPartial) {
  rpc::HttpConnection connection(coordinator_.endpoint(), {});
  const auto ask = [&](const std::string& name, const std::string& value) {
    return connection.exchange(
        {.target = target(sha_), .body = {}, .content_type = {}, .headers = {{name, value}}, .file = {}});
  };
  const auto part = ask("Range", "bytes=2-4");
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body, "234");
  EXPECT_EQ(part.headers.at("content-range"), "bytes 2-4/10");
  const auto outside = ask("Range", "bytes=10-");
  EXPECT_EQ(outside.status, 416);
  EXPECT_EQ(outside.headers.at("content-range"), "bytes */10");
  const auto known = ask("If-None-Match", "\"" + sha_ + "\"");
  EXPECT_EQ(known.status, 304);
  EXPECT_EQ(known.body, "");
}

}  // namespace
}  // namespace checkerlab::coordinator
