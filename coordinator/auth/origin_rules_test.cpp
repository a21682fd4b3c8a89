#include "coordinator/auth/origin_rules.hpp"

#include <gtest/gtest.h>

namespace checkerlab::coordinator {
namespace {

TEST(OriginRules, HostMustNameUs) {
  const OriginRules rules({"Lab.example", "0.0.0.0"});
  for (const auto* host :
       {"127.0.0.1:8765", "localhost", "LOCALHOST:1", "[::1]:8765", "lab.example:80", "10.0.0.5:8765"}) {
    EXPECT_TRUE(rules.host_allowed(host, "10.0.0.5")) << host;
  }
  for (const auto* host : {"", "evil.example", "127.0.0.1.evil.example", "10.0.0.6", "localhost.evil"}) {
    EXPECT_FALSE(rules.host_allowed(host, "10.0.0.5")) << host;
  }
}

TEST(OriginRules, OriginMustBeThisSite) {
  EXPECT_TRUE(OriginRules::same_origin("http://127.0.0.1:8765", "127.0.0.1:8765", false));
  EXPECT_TRUE(OriginRules::same_origin("http://LAB:1", "lab:1", false));
  EXPECT_TRUE(OriginRules::same_origin("https://lab:1", "lab:1", true));
  EXPECT_FALSE(OriginRules::same_origin("http://lab:1", "lab:1", true));
  for (const auto* origin : {"", "null", "http://127.0.0.1:8766", "https://127.0.0.1:8765", "http://evil.example"}) {
    EXPECT_FALSE(OriginRules::same_origin(origin, "127.0.0.1:8765", false)) << origin;
  }
  EXPECT_FALSE(OriginRules::same_origin("http://", "", false));
}

}  // namespace
}  // namespace checkerlab::coordinator
