#include "base/error.hpp"

#include <gtest/gtest.h>

#include <cerrno>

namespace checkerlab {
namespace {

TEST(Error, NamesReadBack) {
  for (const auto code : {ErrorCode::invalid_argument, ErrorCode::too_large, ErrorCode::disk_full, ErrorCode::cancelled,
                          ErrorCode::version_mismatch, ErrorCode::not_finite}) {
    EXPECT_EQ(error_code_from(to_string(code)), code);
  }
  EXPECT_EQ(error_code_from("from_a_newer_version"), ErrorCode::internal);
}

TEST(Error, FullTextJoinsMessageAndFix) {
  EXPECT_EQ(Error(ErrorCode::not_found, "no file x", "Check the path.").full_text(), "no file x. Check the path.");
  EXPECT_EQ(Error(ErrorCode::not_found, "no file x").full_text(), "no file x");
}

TEST(Error, ErrnoIsSorted) {
  EXPECT_EQ(errno_error(ENOSPC, "write x").code(), ErrorCode::disk_full);
  EXPECT_EQ(errno_error(ENOENT, "read x").code(), ErrorCode::not_found);
  EXPECT_EQ(errno_error(EIO, "read x").code(), ErrorCode::io_error);
}

}  // namespace
}  // namespace checkerlab
