#include "coordinator/auth/authenticator.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "coordinator/auth/session_cookie.hpp"

namespace checkerlab::coordinator {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr const char* kToken = "abcdefghijklmnop";

class Authentication : public testing::Test {
 protected:
  Identity owner() { return authenticator_.identify(fmt::format("Bearer {}", kToken), ""); }
  SignInLink make_link() { return authenticator_.make_link(owner()); }
  // A token of this role, on disk.
  IssuedToken issue(NewToken wanted) {
    IssuedToken issued;
    tokens_.issue(std::move(wanted), kOwner, [&](std::exception_ptr, IssuedToken token) { issued = std::move(token); });
    run_posted();
    return issued;
  }
  void run_posted() {
    store_.flush();
    for (const auto& work : std::exchange(posted_, {}))
      work();
  }
  std::string cookie_of(const std::string& set_cookie) const { return set_cookie.substr(0, set_cookie.find(';')); }
  ManualClock clock_{UtcTime(std::chrono::hours(500'000))};
  TemporaryFolder folder_;
  Store store_{folder_.path() / "a.db"};
  std::vector<std::function<void()>> posted_;
  Tokens tokens_{store_, clock_, [this](std::function<void()> work) { posted_.push_back(std::move(work)); }};
  Authenticator authenticator_{kToken, tokens_, clock_};
};

TEST_F(Authentication, KnowsTheToken) {
  EXPECT_EQ(owner().role, Role::admin);
  EXPECT_EQ(owner().user, kOwner);
  for (const auto* header :
       {"", "Bearer ", "Bearer abcdefghijklmnoq", "Bearer abcdefghijklmno", "Basic abcdefghijklmnop", kToken}) {
    EXPECT_EQ(authenticator_.identify(header, "").credential, Credential::none) << header;
  }
}

TEST_F(Authentication, ALinkIsASessionOnce) {
  const auto link = make_link();
  const auto cookie = authenticator_.redeem(link.code);
  ASSERT_TRUE(cookie.has_value());
  EXPECT_EQ(authenticator_.identify("", fmt::format("other=1; {}", cookie_of(*cookie))).credential,
            Credential::session_cookie);
  EXPECT_FALSE(authenticator_.redeem(link.code).has_value());
}

TEST_F(Authentication, ALinkExpiresAfterFiveMinutes) {
  const auto early = make_link();
  const auto late = make_link();
  clock_.advance(5min - 1ms);
  EXPECT_TRUE(authenticator_.redeem(early.code).has_value());
  clock_.advance(1ms);
  EXPECT_FALSE(authenticator_.redeem(late.code).has_value());
}

TEST_F(Authentication, ASessionExpiresAndCannotBeForged) {
  const auto session = make_session(kToken, "id", clock_.utc() + 1h);
  EXPECT_EQ(token_of_session(kToken, session, clock_.utc()), "id");
  EXPECT_FALSE(token_of_session("another token...", session, clock_.utc()));
  for (const auto& forged : {fmt::format("9{}", session), std::string(), std::string("."), std::string(".."),
                             session.substr(0, session.find('.')) + ".owner" + session.substr(session.rfind('.'))}) {
    EXPECT_FALSE(token_of_session(kToken, forged, clock_.utc())) << forged;
  }
  clock_.advance(1h);
  EXPECT_FALSE(token_of_session(kToken, session, clock_.utc()));
}

TEST_F(Authentication, ATokenIsItsUserUntilItIsRevoked) {
  const auto issued = issue({.user = "ann", .role = Role::submit, .label = "laptop", .worker = {}, .lifetime = {}});
  const auto bearer = "Bearer " + issued.text;
  const auto identity = authenticator_.identify(bearer, "");
  EXPECT_EQ(identity.user, "ann");
  EXPECT_EQ(identity.role, Role::submit);
  const auto cookie = cookie_of(authenticator_.redeem(authenticator_.make_link(identity).code).value());
  EXPECT_EQ(authenticator_.identify("", cookie).user, "ann");
  std::string ended;
  tokens_.on_end([&](const std::string& id) { ended = id; });
  tokens_.revoke(issued.token.id, [](std::exception_ptr, TokenRow) {});
  EXPECT_EQ(ended, issued.token.id);
  EXPECT_EQ(authenticator_.identify(bearer, "").credential, Credential::none);
  EXPECT_EQ(authenticator_.identify("", cookie).credential, Credential::none);
  run_posted();
  const Tokens after_a_restart(store_, clock_, {});
  EXPECT_FALSE(after_a_restart.valid(after_a_restart.all().at(0)));
}

TEST_F(Authentication, ATokenExpiresAndItsEndIsTold) {
  const auto issued = issue({.user = "ann", .role = Role::read, .label = {}, .worker = {}, .lifetime = 60s});
  std::vector<std::string> ended;
  tokens_.on_end([&](const std::string& id) { ended.push_back(id); });
  clock_.advance(59s);
  tokens_.tick();
  EXPECT_TRUE(tokens_.identify(issued.text).has_value());
  clock_.advance(1s);
  tokens_.tick();
  tokens_.tick();
  EXPECT_FALSE(tokens_.identify(issued.text).has_value());
  EXPECT_THAT(ended, testing::ElementsAre(issued.token.id));
}

TEST_F(Authentication, OnlyTheHashOfATokenIsKept) {
  const auto issued = issue({.user = "ann", .role = Role::admin, .label = {}, .worker = {}, .lifetime = {}});
  EXPECT_GE(issued.text.size(), 52u);
  for (const char* end : {"a.db", "a.db-wal"}) {
    const auto bytes = SystemFiles().read(folder_.path() / end);
    EXPECT_THAT(bytes, testing::Not(HasSubstr(issued.text))) << end;
  }
}

TEST_F(Authentication, TheLastUseIsWrittenOnceAMinute) {
  const auto issued = issue({.user = "ann", .role = Role::read, .label = {}, .worker = {}, .lifetime = {}});
  clock_.advance(1min);
  const auto used_at = clock_.utc().time_since_epoch().count();
  EXPECT_TRUE(tokens_.identify(issued.text).has_value());
  tokens_.tick();
  store_.flush();
  const Tokens after_a_restart(store_, clock_, {});
  EXPECT_EQ(after_a_restart.all().at(0).last_used_at, used_at);
}

TEST_F(Authentication, WhatNoTokenCanBeIsRefused) {
  const auto nothing = [](std::exception_ptr, const IssuedToken&) {};
  for (const auto& wanted : std::vector<NewToken>{{.user = "", .role = Role::read},
                                                  {.user = "owner", .role = Role::read},
                                                  {.user = "a\nb", .role = Role::read},
                                                  {.user = std::string(101, 'a'), .role = Role::read},
                                                  {.user = "ann", .role = Role::anyone},
                                                  {.user = "ann", .role = Role::read, .label = {}, .worker = "gpu"},
                                                  {.user = "ann", .role = Role::read, .lifetime = 0s}}) {
    EXPECT_THROW(tokens_.issue(wanted, kOwner, nothing), Error);
  }
  EXPECT_THROW(tokens_.revoke("nobody", [](std::exception_ptr, const TokenRow&) {}), Error);
}

TEST_F(Authentication, AWrongTokenIsNotSavedByACookie) {
  const auto cookie = cookie_of(authenticator_.redeem(make_link().code).value());
  EXPECT_EQ(authenticator_.identify("Bearer wrong", cookie).credential, Credential::none);
}

TEST_F(Authentication, UnusedLinksAreBounded) {
  for (int i = 0; i < 100; ++i)
    make_link();
  EXPECT_THROW(make_link(), Error);
  clock_.advance(5min);
  EXPECT_NO_THROW(make_link());
}

TEST_F(Authentication, ASessionIsNeitherAdminNorWorker) {
  const auto session = cookie_of(authenticator_.redeem(make_link().code).value());
  const auto identity = authenticator_.identify("", session);
  EXPECT_TRUE(identity.may(Role::read));
  EXPECT_TRUE(identity.may(Role::submit));
  EXPECT_FALSE(identity.may(Role::worker));
  EXPECT_FALSE(identity.may(Role::admin));
  const auto worker = issue({.user = "lab", .role = Role::worker, .label = {}, .worker = {}, .lifetime = {}});
  const auto link = authenticator_.make_link(tokens_.identify(worker.text).value());
  EXPECT_EQ(authenticator_.identify("", cookie_of(authenticator_.redeem(link.code).value())).role, Role::anyone);
}

TEST(Roles, IncludeOneAnother) {
  const std::vector<Role> roles{Role::anyone, Role::read, Role::submit, Role::worker, Role::admin};
  const std::map<Role, std::string> included{{Role::anyone, "10000"},
                                             {Role::read, "11000"},
                                             {Role::submit, "11100"},
                                             {Role::worker, "10010"},
                                             {Role::admin, "11111"}};
  for (const auto& [given, expected] : included) {
    std::string found;
    for (const auto wanted : roles)
      found += includes(given, wanted) ? '1' : '0';
    EXPECT_EQ(found, expected) << to_string(given);
    EXPECT_EQ(role_from(to_string(given)), given);
  }
}

}  // namespace
}  // namespace checkerlab::coordinator
