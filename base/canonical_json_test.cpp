#include "base/canonical_json.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <vector>

#include "base/error.hpp"

namespace checkerlab {
namespace {

using nlohmann::json;

TEST(CanonicalJson, SortsKeysAndDropsWhiteSpace) {
  EXPECT_EQ(canonical_json(json::parse(R"({ "b": [1, 2], "a": {"z": null, "y": true} })")),
            R"({"a":{"y":true,"z":null},"b":[1,2]})");
}

TEST(CanonicalJson, WritesWholeDoublesAsIntegers) {
  EXPECT_EQ(canonical_json(json{{"x", 1.0}}), canonical_json(json{{"x", 1}}));
  EXPECT_EQ(canonical_json(-0.0), "0");
  EXPECT_EQ(canonical_json(1e300), "1e+300");
}

TEST(CanonicalJson, WritesTheShortestFormThatReadsBack) {
  EXPECT_EQ(canonical_json(0.1), "0.1");
  EXPECT_EQ(canonical_json(1e-3), "0.001");
  EXPECT_EQ(std::stod(canonical_json(1.0 / 3.0)), 1.0 / 3.0);
}

TEST(CanonicalJson, RefusesWhatHasNoSpelling) {
  EXPECT_THROW(canonical_json(std::numeric_limits<double>::quiet_NaN()), Error);
  EXPECT_THROW(canonical_json(std::numeric_limits<double>::infinity()), Error);
  EXPECT_THROW(canonical_json(std::string("\xff\xfe")), Error);
}

// What is written without the library's help is what it would have written.
TEST(CanonicalJson, WritesTextsAndWholeNumbersAsTheLibraryDoes) {
  for (const json& value :
       std::vector<json>{"", "plain ~ text", "a \"quote\"", "back\\slash", "line\nfeed", "\x7f", "Fréchet", 0, -1,
                         std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::uint64_t>::max()}) {
    EXPECT_EQ(canonical_json(value), value.dump());
    EXPECT_EQ(canonical_json(json{{value.dump(), value}}), json({{value.dump(), value}}).dump());
  }
}

TEST(CanonicalJson, KeyIsStable) {
  // Printed by: printf '{"a":1,"b":"x"}' | sha256sum
  EXPECT_EQ(content_key(json::parse(R"({"b":"x","a":1.0})")),
            "ecf9e98ec0641e23113ff3ce8bdc78d0ddd249886517fd4a7f68cc83d4e65667");
}

}  // namespace
}  // namespace checkerlab
