#include "coordinator/artifacts/byte_range.hpp"

#include <gtest/gtest.h>

#include <string>

namespace checkerlab::coordinator {
namespace {

std::string read(std::string_view header, std::uint64_t size) {
  const auto request = parse_range(header, size);
  if (request.unsatisfiable) return "416";
  if (!request.range) return "whole";
  return std::to_string(request.range->begin) + ".." + std::to_string(request.range->end);
}

TEST(ByteRange, Single) {
  EXPECT_EQ(read("bytes=0-3", 10), "0..4");
  EXPECT_EQ(read("bytes=4-", 10), "4..10");
  EXPECT_EQ(read("bytes=-3", 10), "7..10");
  EXPECT_EQ(read("bytes=-30", 10), "0..10");
  EXPECT_EQ(read("bytes=9-99", 10), "9..10");
  EXPECT_EQ(read("bytes=5-18446744073709551615", 10), "5..10");
}

TEST(ByteRange, OutsideOfTheFile) {
  EXPECT_EQ(read("bytes=10-", 10), "416");
  EXPECT_EQ(read("bytes=-0", 10), "416");
  EXPECT_EQ(read("bytes=0-", 0), "416");
}

TEST(ByteRange, WhatIsNotUnderstoodMeansTheWhole) {
  for (const auto* header : {"", "bytes", "bytes=", "bytes=-", "bytes=5-4", "bytes=a-b", "bytes=0-1,3-4", "items=0-1",
                             "bytes=1-x", "bytes=99999999999999999999999-"}) {
    EXPECT_EQ(read(header, 10), "whole") << header;
  }
}

}  // namespace
}  // namespace checkerlab::coordinator
