#include "schemas/yaml.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace checkerlab {
namespace {

TEST(Yaml, PlainScalarsHaveTypes) {
  EXPECT_EQ(yaml_to_json("a: 1\nb: 1.5\nc: 1e-3\nd: true\ne: ~\nf: sqrt2\n"),
            nlohmann::json::parse(R"({"a":1,"b":1.5,"c":0.001,"d":true,"e":null,"f":"sqrt2"})"));
  EXPECT_TRUE(yaml_scalar("1", false).is_number_integer());
  EXPECT_TRUE(yaml_scalar("1e-3", false).is_number_float());
  EXPECT_EQ(yaml_scalar("+2", false), 2);
  EXPECT_EQ(yaml_scalar("0x10", false), 16);
}

TEST(Yaml, WordsAndVersionsStayText) {
  for (const char* text : {"yes", "on", "3.1.0", "1-2", "..", "-", "e", "1_000", "inf", "nan"})
    EXPECT_EQ(yaml_scalar(text, false), text);
}

TEST(Yaml, QuotedScalarsAreText) {
  EXPECT_EQ(yaml_to_json("a: '200'\nb: \"true\"\n"), nlohmann::json::parse(R"({"a":"200","b":"true"})"));
}

TEST(Yaml, BrokenTextIsAnError) {
  EXPECT_THROW(yaml_to_json("a: [1, 2"), Error);
  EXPECT_THROW(yaml_to_json("? [a]\n: 1\n"), Error);
}

TEST(Yaml, WhatAliasesMakeEndlessIsAnError) {
  EXPECT_THROW(yaml_to_json("&a [*a]"), Error);
  EXPECT_THROW(yaml_to_json("&a {b: *a}"), Error);
  std::string bomb = "- &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 0; i < 8; ++i) {
    const auto last = "*a" + std::to_string(i);
    bomb += "- &a" + std::to_string(i + 1) + " [" + last;
    for (int copies = 0; copies < 9; ++copies)
      bomb += ", " + last;
    bomb += "]\n";
  }
  EXPECT_THROW(yaml_to_json(bomb), Error);
}

}  // namespace
}  // namespace checkerlab
