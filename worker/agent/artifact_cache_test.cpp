#include "worker/agent/artifact_cache.hpp"

#include <gmock/gmock.h>

#include <fstream>

#include "base/error.hpp"
#include "base/sha256.hpp"

namespace checkerlab::worker {
namespace {

namespace fs = std::filesystem;

// Serves what it is told to, whatever is asked for.
class OneAnswer final : public ArtifactSource {
 public:
  explicit OneAnswer(std::string bytes) : bytes_(std::move(bytes)) {}
  void download(const std::string&, std::uint64_t, const fs::path& destination) override {
    ++downloads;
    std::ofstream(destination, std::ios::binary) << bytes_;
  }
  void upload(const std::string&, const fs::path&) override { ADD_FAILURE() << "nothing is uploaded here"; }

  int downloads = 0;

 private:
  std::string bytes_;
};

class ArtifactCacheTest : public ::testing::Test {
 protected:
  ArtifactCache::PinPtr fetch(ArtifactCache& cache, const std::string& bytes) {
    OneAnswer source(bytes);
    return cache.fetch(sha256_hex(bytes), bytes.size(), source);
  }

  TemporaryFolder folder_;
  SystemFiles files_;
};

TEST_F(ArtifactCacheTest, KeepsWhatItFetched) {
  ArtifactCache cache(folder_.path(), 1000, files_);
  OneAnswer source("abc");
  const auto sha256 = sha256_hex("abc");
  const auto first = cache.fetch(sha256, 3, source);
  const auto second = cache.fetch(sha256, 3, source);
  EXPECT_EQ(source.downloads, 1);
  EXPECT_EQ(files_.read(second->path()), "abc");
  EXPECT_EQ(cache.total_bytes(), 3U);
}

TEST_F(ArtifactCacheTest, RefusesBytesOfAnotherHashAndLeavesNothing) {
  ArtifactCache cache(folder_.path(), 1000, files_);
  OneAnswer source("tampered");
  const auto sha256 = sha256_hex("original");
  try {
    cache.fetch(sha256, 8, source);
    FAIL() << "damaged bytes were accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_data);
    EXPECT_THAT(error.what(), ::testing::HasSubstr(sha256));
  }
  EXPECT_EQ(cache.find(sha256), nullptr);
  EXPECT_TRUE(fs::is_empty(folder_.path() / "incoming"));
}

TEST_F(ArtifactCacheTest, EvictsTheLongestUnusedFirst) {
  ArtifactCache cache(folder_.path(), 10, files_);
  fetch(cache, "aaaa");
  fetch(cache, "bbbb");
  cache.find(sha256_hex("aaaa"));
  fetch(cache, "cccc");
  EXPECT_NE(cache.find(sha256_hex("aaaa")), nullptr);
  EXPECT_EQ(cache.find(sha256_hex("bbbb")), nullptr);
  EXPECT_EQ(cache.total_bytes(), 8U);
}

TEST_F(ArtifactCacheTest, NeverEvictsWhatIsInUse) {
  ArtifactCache cache(folder_.path(), 5, files_);
  auto first = fetch(cache, "aaaa");
  auto second = fetch(cache, "bbbb");
  EXPECT_TRUE(fs::exists(first->path()));
  EXPECT_TRUE(fs::exists(second->path()));
  EXPECT_EQ(cache.total_bytes(), 8U);
  const auto path = first->path();
  first.reset();
  EXPECT_FALSE(fs::exists(path)) << "the limit holds again once a file is no longer in use";
  EXPECT_EQ(cache.total_bytes(), 4U);
}

TEST_F(ArtifactCacheTest, FindsItsFilesAfterARestart) {
  { fetch(*std::make_unique<ArtifactCache>(folder_.path(), 1000, files_), "kept"); }
  ArtifactCache cache(folder_.path(), 1000, files_);
  EXPECT_NE(cache.find(sha256_hex("kept")), nullptr);
  EXPECT_EQ(cache.total_bytes(), 4U);
}

TEST_F(ArtifactCacheTest, AdoptsAFileOnce) {
  ArtifactCache cache(folder_.path(), 1000, files_);
  for (int i = 0; i < 2; ++i) {
    const auto file = folder_.path() / "made";
    files_.write_atomic(file, "made here", 0644);
    EXPECT_NE(cache.adopt(sha256_hex("made here"), file), nullptr);
    EXPECT_FALSE(fs::exists(file));
  }
  EXPECT_EQ(cache.total_bytes(), 9U);
}

TEST_F(ArtifactCacheTest, APinMayOutliveTheCache) {
  auto cache = std::make_unique<ArtifactCache>(folder_.path(), 1000, files_);
  auto pin = fetch(*cache, "late");
  cache.reset();
  pin.reset();
  EXPECT_TRUE(fs::exists(folder_.path() / "artifacts"));
}

TEST_F(ArtifactCacheTest, GivesTwoWorkersFoldersOfTheirOwn) {
  const auto first = claim_cache_folder(folder_.path());
  const auto second = claim_cache_folder(folder_.path());
  EXPECT_NE(first, second);
}

TEST_F(ArtifactCacheTest, NamesAFolderThatCannotBeUsed) {
  files_.write_atomic(folder_.path() / "file", "", 0644);
  try {
    ArtifactCache cache(folder_.path() / "file", 10, files_);
    FAIL() << "a file was taken for a folder";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("file"));
    EXPECT_THAT(error.fix(), ::testing::HasSubstr("--cache"));
  }
}

}  // namespace
}  // namespace checkerlab::worker
