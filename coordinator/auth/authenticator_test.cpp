#include "coordinator/auth/authenticator.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "coordinator/auth/session_cookie.hpp"

namespace checkerlab::coordinator {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr const char* kToken = "abcdefghijklmnop";

class Authentication : public testing::Test {
 protected:
  std::string cookie_of(const std::string& set_cookie) const { return set_cookie.substr(0, set_cookie.find(';')); }
  ManualClock clock_{UtcTime(std::chrono::hours(500'000))};
  Authenticator authenticator_{kToken, clock_};
};

TEST_F(Authentication, KnowsTheToken) {
  EXPECT_EQ(authenticator_.identify(fmt::format("Bearer {}", kToken), "").credential, Credential::bearer_token);
  for (const auto* header :
       {"", "Bearer ", "Bearer abcdefghijklmnoq", "Bearer abcdefghijklmno", "Basic abcdefghijklmnop", kToken}) {
    EXPECT_EQ(authenticator_.identify(header, "").credential, Credential::none) << header;
  }
}

TEST_F(Authentication, ALinkIsASessionOnce) {
  const auto link = authenticator_.make_link();
  const auto cookie = authenticator_.redeem(link.code);
  ASSERT_TRUE(cookie.has_value());
  EXPECT_EQ(authenticator_.identify("", fmt::format("other=1; {}", cookie_of(*cookie))).credential,
            Credential::session_cookie);
  EXPECT_FALSE(authenticator_.redeem(link.code).has_value());
}

TEST_F(Authentication, ALinkExpiresAfterFiveMinutes) {
  const auto early = authenticator_.make_link();
  const auto late = authenticator_.make_link();
  clock_.advance(5min - 1ms);
  EXPECT_TRUE(authenticator_.redeem(early.code).has_value());
  clock_.advance(1ms);
  EXPECT_FALSE(authenticator_.redeem(late.code).has_value());
}

TEST_F(Authentication, ASessionExpiresAndCannotBeForged) {
  const auto session = make_session(kToken, clock_.utc() + 1h);
  EXPECT_TRUE(session_valid(kToken, session, clock_.utc()));
  EXPECT_FALSE(session_valid("another token...", session, clock_.utc()));
  EXPECT_FALSE(session_valid(kToken, fmt::format("9{}", session), clock_.utc()));
  EXPECT_FALSE(session_valid(kToken, "", clock_.utc()));
  EXPECT_FALSE(session_valid(kToken, ".", clock_.utc()));
  clock_.advance(1h);
  EXPECT_FALSE(session_valid(kToken, session, clock_.utc()));
}

TEST_F(Authentication, AWrongTokenIsNotSavedByACookie) {
  const auto cookie = cookie_of(authenticator_.redeem(authenticator_.make_link().code).value());
  EXPECT_EQ(authenticator_.identify("Bearer wrong", cookie).credential, Credential::none);
}

TEST_F(Authentication, UnusedLinksAreBounded) {
  for (int i = 0; i < 100; ++i)
    authenticator_.make_link();
  EXPECT_THROW(authenticator_.make_link(), Error);
  clock_.advance(5min);
  EXPECT_NO_THROW(authenticator_.make_link());
}

TEST(Identity, ASessionReadsAndSubmitsOnly) {
  const Identity session{Credential::session_cookie};
  EXPECT_TRUE(session.may(Role::read));
  EXPECT_TRUE(session.may(Role::submit));
  EXPECT_FALSE(session.may(Role::worker));
  EXPECT_FALSE(session.may(Role::admin));
  EXPECT_FALSE(Identity{}.may(Role::read));
  EXPECT_TRUE(Identity{}.may(Role::anyone));
  EXPECT_TRUE(Identity{Credential::bearer_token}.may(Role::admin));
}

}  // namespace
}  // namespace checkerlab::coordinator
