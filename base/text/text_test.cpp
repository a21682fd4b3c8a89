#include <gtest/gtest.h>

#include <string>

#include "base/text/number.hpp"
#include "base/text/text_width.hpp"

namespace checkerlab {
namespace {

TEST(TextWidth, CountsColumnsNotBytes) {
  EXPECT_EQ(text_width("abc"), 3U);
  EXPECT_EQ(text_width("12 ± √2"), 7U);
  EXPECT_EQ(text_width("漢字"), 4U);
  EXPECT_EQ(text_width("e\xCC\x81"), 1U);
  EXPECT_EQ(text_width("\xFF\xFE"), 2U);
}

TEST(TextWidth, CutsAtColumnsWithAnEllipsis) {
  EXPECT_EQ(fit_to_width("abcdef", 6), "abcdef");
  EXPECT_EQ(fit_to_width("abcdef", 4), "abc…");
  EXPECT_EQ(fit_to_width("±±±±", 3), "±±…");
  EXPECT_EQ(fit_to_width("abc", 0), "");
}

TEST(TextWidth, ControlCharactersCannotReachTheTerminal) {
  EXPECT_EQ(printable("a\x1b[31mb\nc"), "a [31mb c");
  EXPECT_EQ(printable("\xC2\x9B"
                      "2J±"),
            " 2J±");
}

TEST(Number, UncertaintySetsTheDecimals) {
  EXPECT_EQ(with_uncertainty(12.345, 0.42), "12.3 ± 0.4");
  EXPECT_EQ(with_uncertainty(12.345, 0.142), "12.35 ± 0.14");
  EXPECT_EQ(with_uncertainty(12.345, 0.096), "12.35 ± 0.10");
  EXPECT_EQ(with_uncertainty(123.4, 23), "123 ± 23");
  EXPECT_EQ(with_uncertainty(4.56789, std::nullopt), "4.568");
  EXPECT_EQ(with_uncertainty(4.5, 0.0), "4.5");
}

TEST(Number, CompactHasNoTrailingZeros) {
  EXPECT_EQ(compact(0.5), "0.5");
  EXPECT_EQ(compact(1.0), "1");
  EXPECT_EQ(compact(1.25e-7), "1.25e-07");
}

TEST(Number, GroupsThousands) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(1234567), "1,234,567");
  EXPECT_EQ(grouped(-1000), "-1,000");
}

TEST(Number, BytesReadWell) {
  EXPECT_EQ(bytes_text(1), "1 byte");
  EXPECT_EQ(bytes_text(24), "24 bytes");
  EXPECT_EQ(bytes_text(170'498'071), "170 MB");
  EXPECT_EQ(bytes_text(999'999), "1 MB");
  EXPECT_EQ(bytes_text(2.5e12), "2.5 TB");
}

TEST(Number, DurationsReadWell) {
  EXPECT_EQ(duration_text(4.2), "4 s");
  EXPECT_EQ(duration_text(125), "2 min 05 s");
  EXPECT_EQ(duration_text(4020), "1 h 07 min");
  EXPECT_EQ(duration_text(86400 * 3 + 4 * 3600), "3 d 04 h");
  EXPECT_EQ(duration_text(-1), "–");
}

}  // namespace
}  // namespace checkerlab
