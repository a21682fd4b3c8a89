// What reads parts of requests, given what nobody should send.
#include <gtest/gtest.h>

#include "base/testing/mutations.hpp"
#include "coordinator/artifacts/byte_range.hpp"
#include "coordinator/auth/origin_rules.hpp"
#include "coordinator/auth/session_cookie.hpp"
#include "coordinator/http/url.hpp"
#include "coordinator/store/cursor.hpp"

namespace checkerlab::coordinator {
namespace {

constexpr int kCount = 20'000;

TEST(Mutations, Targets) {
  Mutations mutations({"/api/v1/studies/a%20b/points?cursor=3.1200&limit=5", "/a/%C3%BC?x=1+2&y=%26&z", "/"});
  EXPECT_GT(refused_mutations(mutations, kCount,
                              [](const std::string& text) {
                                for (const auto& segment : parse_target(text).segments)
                                  EXPECT_TRUE(segment != ".." && segment.find('/') == std::string::npos) << text;
                              }),
            kCount / 10);
}

TEST(Mutations, Ranges) {
  Mutations mutations({"bytes=0-99", "bytes=-5", "bytes=7-", "bytes=0-1,5-6"});
  EXPECT_EQ(refused_mutations(mutations, kCount,
                              [](const std::string& text) {
                                const auto range = parse_range(text, 100).range;
                                EXPECT_TRUE(!range || (range->begin < range->end && range->end <= 100)) << text;
                              }),
            0);
}

TEST(Mutations, CookiesHostsAndCursors) {
  const auto now = UtcTime(std::chrono::hours(500'000));
  const auto session = make_session("key", "owner", now + std::chrono::hours(1));
  Mutations cookies({"a=b; checkerlab_session=" + session + "; c=d"});
  EXPECT_EQ(refused_mutations(cookies, kCount,
                              [&](const std::string& text) {
                                const auto found = session_from_cookies(text);
                                EXPECT_TRUE(found == session || !token_of_session("key", found, now)) << text;
                              }),
            0);
  const OriginRules rules({"lab.example"});
  Mutations hosts({"lab.example:8765", "[::1]:80", "localhost"});
  EXPECT_EQ(refused_mutations(hosts, kCount, [&](const std::string& text) { rules.host_allowed(text, "10.0.0.1"); }),
            0);
  Mutations cursors({"3.1200", "-5", "9223372036854775807.1"});
  EXPECT_GT(refused_mutations(cursors, kCount, [](const std::string& text) { parse_cursor(text, 2); }), 0);
}

}  // namespace
}  // namespace checkerlab::coordinator
