#include "base/text/utf8.hpp"

#include <gtest/gtest.h>

namespace checkerlab {
namespace {

TEST(Utf8, TakesText) {
  for (const std::string_view text : {std::string_view(""), std::string_view("a\0b", 3), std::string_view("ü √ 😀"),
                                      std::string_view("\xf4\x8f\xbf\xbf")}) {
    EXPECT_TRUE(is_utf8(text)) << text;
  }
}

TEST(Utf8, RefusesOtherBytes) {
  for (const char* text : {"\xff", "\x80", "\xc3", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                           "\xf0\x9f\x98", "a\xc3(", "\xf5\x80\x80\x80"}) {
    EXPECT_FALSE(is_utf8(text)) << text;
  }
}

}  // namespace
}  // namespace checkerlab
