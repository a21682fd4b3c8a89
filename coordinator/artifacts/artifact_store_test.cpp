#include "coordinator/artifacts/artifact_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/error.hpp"

namespace checkerlab::coordinator {
namespace {

class Artifacts : public testing::Test {
 protected:
  void put(ArtifactStore& store, const std::string& name, const std::string& bytes) {
    const auto incoming = store.receive(name, bytes.size());
    incoming->write(bytes);
    incoming->commit();
  }
  bool incoming_empty() const { return std::filesystem::is_empty(folder_.path() / "incoming"); }

  SystemFiles files_;
  const TemporaryFolder folder_;
  const std::string sha_ = sha256_hex("bytes");
};

TEST_F(Artifacts, AppearWholeUnderTheirHash) {
  ArtifactStore store(folder_.path(), files_);
  EXPECT_FALSE(store.exists(sha_));
  put(store, sha_, "bytes");
  put(store, sha_, "bytes");
  EXPECT_EQ(store.size(sha_), 5u);
  EXPECT_EQ(files_.read(folder_.path() / sha_.substr(0, 2) / sha_), "bytes");
  EXPECT_TRUE(incoming_empty());
}

TEST_F(Artifacts, OtherBytesThanAnnouncedLeaveNothing) {
  ArtifactStore store(folder_.path(), files_);
  EXPECT_THROW(put(store, sha_, "Bytes"), Error);
  EXPECT_FALSE(store.exists(sha_));
  EXPECT_TRUE(incoming_empty());
}

TEST_F(Artifacts, ABrokenTransferLeavesNothing) {
  ArtifactStore store(folder_.path(), files_);
  store.receive(sha_, 5)->write("by");
  EXPECT_FALSE(store.exists(sha_));
  EXPECT_TRUE(incoming_empty());
}

TEST_F(Artifacts, WhatACrashLeftIsRemoved) {
  std::filesystem::create_directories(folder_.path() / "incoming");
  std::ofstream(folder_.path() / "incoming" / "half") << "x";
  const ArtifactStore store(folder_.path(), files_);
  EXPECT_TRUE(incoming_empty());
}

TEST_F(Artifacts, NamesStayInsideTheFolder) {
  ArtifactStore store(folder_.path(), files_);
  for (const std::string& name : {std::string(), std::string("../token"), std::string(64, 'G'), std::string(63, 'a'),
                                  "../" + std::string(61, 'a')}) {
    EXPECT_THROW(store.path(name), Error) << name;
    EXPECT_THROW(store.receive(name, 1), Error) << name;
  }
}

TEST_F(Artifacts, MoreThanTheDiskHoldsIsRefusedAtOnce) {
  ArtifactStore store(folder_.path(), files_);
  try {
    store.receive(sha_, std::uint64_t{1} << 60);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::disk_full);
  }
  EXPECT_TRUE(incoming_empty());
}

}  // namespace
}  // namespace checkerlab::coordinator
