#include "coordinator/http/router.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "rpc/problem.hpp"

namespace checkerlab::coordinator {
namespace {

using boost::beast::http::verb;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

Route route(verb method, std::string pattern, std::vector<QueryParameter> query = {}) {
  Handler handler = [](const Request&) -> boost::asio::awaitable<Response> { co_return Response{}; };
  return {.method = method,
          .pattern = std::move(pattern),
          .role = Role::read,
          .query = std::move(query),
          .handler = handler};
}

const Router& router() {
  static const Router instance({route(verb::get, "/*"), route(verb::get, "/api/jobs"),
                                route(verb::get, "/api/jobs/{key}"), route(verb::post, "/api/jobs/{key}/cancel"),
                                route(verb::put, "/files/{name}"), route(verb::get, "/files/{name}")});
  return instance;
}

std::string found(verb method, const std::string& target) {
  return router().match(method, parse_target(target)).route->pattern;
}

int status(verb method, const std::string& target) {
  try {
    router().match(method, parse_target(target));
  } catch (const rpc::ApiError& error) {
    return error.status();
  }
  return 200;
}

TEST(Router, FindsTheRoute) {
  EXPECT_EQ(found(verb::get, "/api/jobs"), "/api/jobs");
  EXPECT_EQ(found(verb::head, "/api/jobs"), "/api/jobs");
  EXPECT_EQ(found(verb::get, "/api/jobs/?limit=3"), "/api/jobs");
  EXPECT_EQ(found(verb::put, "/files/a"), "/files/{name}");
  EXPECT_EQ(found(verb::get, "/"), "/*");
  EXPECT_EQ(found(verb::get, "/studies/x/y"), "/*");
}

TEST(Router, DecodesParameters) {
  const auto match = router().match(verb::get, parse_target("/api/jobs/a%20b%3f"));
  EXPECT_THAT(match.parameters, ElementsAre(Pair("key", "a b?")));
}

TEST(Router, TellsMissingFromWrongMethod) {
  EXPECT_EQ(status(verb::get, "/api/none"), 404);
  EXPECT_EQ(status(verb::get, "/api/jobs/a/b/c"), 404);
  EXPECT_EQ(status(verb::delete_, "/api/jobs"), 405);
  EXPECT_EQ(status(verb::get, "/api/jobs/a/cancel"), 405);
  EXPECT_EQ(status(verb::post, "/anything"), 405);
}

TEST(Target, SplitsPathAndQuery) {
  const auto target = parse_target("/a/%C3%BC?x=1+2&y=%26&z");
  EXPECT_THAT(target.segments, ElementsAre("a", "\xC3\xBC"));
  EXPECT_THAT(target.query, ElementsAre(Pair("x", "1 2"), Pair("y", "&"), Pair("z", "")));
}

TEST(Target, RefusesWhatIsMalformed) {
  for (const auto* target : {"", "a", "/a%2", "/a%zz", "/a%00", "/../x", "/a/..%2fb", "/%2e%2e", "/a?x=1&x=2", "/a%ff",
                             "/a?x=%c0%af", "/\xff"}) {
    EXPECT_THROW(parse_target(target), Error) << target;
  }
}

std::string complaint(const std::map<std::string, std::string>& query) {
  const auto checked = route(verb::get, "/x",
                             {{.name = "limit", .kind = QueryKind::integer, .least = 1, .most = 10},
                              {.name = "dry_run", .kind = QueryKind::flag},
                              {.name = "text"}});
  try {
    check_query(checked, query);
  } catch (const Error& error) {
    return error.full_text();
  }
  return {};
}

TEST(Query, IsCheckedAgainstItsDeclaration) {
  EXPECT_EQ(complaint({{"limit", "10"}, {"dry_run", "true"}, {"text", "any"}}), "");
  EXPECT_THAT(complaint({{"limit", "11"}}), HasSubstr("from 1 to 10"));
  EXPECT_THAT(complaint({{"limit", "1x"}}), HasSubstr("from 1 to 10"));
  EXPECT_THAT(complaint({{"dry_run", "yes"}}), HasSubstr("true or false"));
  EXPECT_THAT(complaint({{"limt", "1"}}), HasSubstr("This address takes: limit, dry_run, text."));
}

}  // namespace
}  // namespace checkerlab::coordinator
