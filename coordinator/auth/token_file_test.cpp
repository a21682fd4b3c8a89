#include "coordinator/auth/token_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "base/error.hpp"

namespace checkerlab::coordinator {
namespace {

class TokenFile : public testing::Test {
 protected:
  ErrorCode refusal() {
    try {
      load_or_create_token(files_, file_);
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::internal;
  }
  SystemFiles files_;
  const TemporaryFolder folder_;
  const std::filesystem::path file_ = folder_.path() / "token";
};

TEST_F(TokenFile, IsMadeOnceForItsOwnerOnly) {
  const auto token = load_or_create_token(files_, file_);
  EXPECT_GE(token.size(), 32u);
  struct stat status {};
  ASSERT_EQ(::stat(file_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  EXPECT_EQ(load_or_create_token(files_, file_), token);
}

TEST_F(TokenFile, ThatOthersReadIsRefused) {
  load_or_create_token(files_, file_);
  ::chmod(file_.c_str(), 0640);
  EXPECT_EQ(refusal(), ErrorCode::forbidden);
}

TEST_F(TokenFile, WithoutATokenIsRefused) {
  for (const auto* text : {"", "short", "has spaces in the middle of it", "line one is long enough\nline two"}) {
    std::ofstream(file_) << text;
    ::chmod(file_.c_str(), 0600);
    EXPECT_EQ(refusal(), ErrorCode::invalid_data) << text;
  }
}

}  // namespace
}  // namespace checkerlab::coordinator
