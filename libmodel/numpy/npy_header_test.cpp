#include "libmodel/numpy/npy_header.hpp"

#include <gtest/gtest.h>

#include "libmodel/modules/testing/expect_error.hpp"
#include "libmodel/numpy/testing/npz_builder.hpp"

namespace checkerlab::model {
namespace {

NpyHeader parsed(const std::string& text) {
  return parse_npy_dictionary(text, "x.npz");
}

std::string dictionary(const std::string& descr, const std::string& shape) {
  return "{'descr': " + descr + ", 'fortran_order': False, 'shape': " + shape + ", }";
}

TEST(NpyHeader, IsWhatNumpyWrites) {
  const std::string header = npy_header("|u1", {5, 16, 16, 3});
  ASSERT_EQ(header.size(), 192U);
  EXPECT_EQ(header.substr(0, 8), std::string("\x93NUMPY\x01\x00", 8));
  EXPECT_EQ(static_cast<unsigned char>(header[8]) + 256 * static_cast<unsigned char>(header[9]), 192 - 10);
  EXPECT_EQ(header.substr(10, 70), "{'descr': '|u1', 'fortran_order': False, 'shape': (5, 16, 16, 3, ), } ");
  EXPECT_EQ(header.back(), '\n');
  const auto place = parse_npy_preamble(header, "x");
  EXPECT_EQ(parsed(header.substr(place.begin, place.bytes)).shape, (std::vector<std::int64_t>{5, 16, 16, 3}));
}

TEST(NpyHeader, ReadsEveryTypeItNames) {
  using c10::ScalarType;
  const std::pair<const char*, ScalarType> types[] = {{"'|u1'", ScalarType::Byte},    {"'<i4'", ScalarType::Int},
                                                      {"'<i8'", ScalarType::Long},    {"'<f2'", ScalarType::Half},
                                                      {"\"<f4\"", ScalarType::Float}, {"'<f8'", ScalarType::Double}};
  for (const auto& [descr, type] : types)
    EXPECT_EQ(parsed(dictionary(descr, "(3, 5)")).type, type) << descr;
  EXPECT_EQ(parsed(dictionary("'<f8'", "(3, 5)")).bytes, 120U);
  EXPECT_EQ(parsed(dictionary("'<f8'", "(3, 5)")).text(), "float64 (3, 5)");
}

TEST(NpyHeader, ReadsShapesAndOrder) {
  EXPECT_EQ(parsed(dictionary("'<f4'", "()")).bytes, 4U);
  EXPECT_EQ(parsed(dictionary("'<f4'", "(7,)")).text(), "float32 (7,)");
  EXPECT_EQ(parsed(dictionary("'<f4'", "(0, 9)")).bytes, 0U);
  const auto fortran = parsed("{'shape':(2,3),'fortran_order':True,'descr':'|u1'}   \n");
  EXPECT_TRUE(fortran.fortran_order);
  EXPECT_EQ(fortran.row_bytes(), 3U);
}

TEST(NpyHeader, ReadsBothVersionsOfThePreamble) {
  const std::string first("\x93NUMPY\x01\x00\x76\x00{'", 12), second("\x93NUMPY\x02\x00\x76\x00\x00\x00", 12);
  EXPECT_EQ(parse_npy_preamble(first, "x").begin, 10U);
  EXPECT_EQ(parse_npy_preamble(second, "x").begin, 12U);
  EXPECT_EQ(parse_npy_preamble(second, "x").bytes, 0x76U);
  const auto refused = [](const std::string& start, const std::string& text) {
    expect_error(ErrorCode::invalid_data, text, [&] { parse_npy_preamble(start, "x.npz"); });
  };
  refused("PK\x03\x04 and more", "does not begin as .npy files do");
  refused("\x93NUMPY", "does not begin");
  refused(std::string("\x93NUMPY\x03\x00\x76\x00{'", 12), "version 3.0");
  refused(std::string("\x93NUMPY\x02\x00\xff\xff\xff\x7f", 12), "2147483647 bytes");
}

TEST(NpyHeader, RefusesEverythingElse) {
  const auto refused = [](const std::string& text, const std::string& reason) {
    expect_error(ErrorCode::invalid_data, reason, [&] { parsed(text); });
    expect_error(ErrorCode::invalid_data, "x.npz is not a usable NumPy array", [&] { parsed(text); });
  };
  refused(dictionary("'>f8'", "(3,)"), "its type is '>f8'");
  refused(dictionary("'|O'", "(3,)"), "|u1, <i4, <i8, <f2, <f4 and <f8 are read");
  refused(dictionary("[('a', '<f4')]", "(3,)"), "no text in quotes");
  refused(dictionary("__import__('os').system('true')", "(3,)"), "no text in quotes at its character 10");
  refused(dictionary("'<f4'", "(1099511627776, 1099511627776)"), "too large to count");
  refused(dictionary("'<f4'", "(99999999999999999999,)"), "number of 63 bits");
  refused(dictionary("'<f4'", "(-1,)"), "number of 63 bits");
  refused(dictionary("'<f4'", "(1,1,1,1,1,1,1,1,1)"), "at most 8 numbers");
  refused(dictionary("'<f4'", "[3]"), "no '('");
  refused("{'descr': '<f4', 'fortran_order': 0, 'shape': (3,)}", "True or False");
  refused("{'descr': '<f4', 'shape': (3,)}", "lacks descr, fortran_order or shape");
  refused("{'descr': '<f4', 'descr': '<f4', 'shape': (3,)}", "each once");
  refused("{'descr': '<f4', 'other': '<f4'}", "the key 'other'");
  refused(dictionary("'<f4'", "(3,)") + " + 1", "no end");
  refused(dictionary("'<f4\\x'", "(3,)"), "plain text in quotes");
  const auto whole = dictionary("'<f4'", "(3,)");
  for (std::size_t size = 0; size < whole.size(); ++size)
    refused(whole.substr(0, size), "its header");
}

}  // namespace
}  // namespace checkerlab::model
