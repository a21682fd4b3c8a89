#include "coordinator/api/routes.hpp"
#include "coordinator/http/blocking.hpp"
#include "coordinator/store/user_query.hpp"
#include "rpc/fields.hpp"

namespace checkerlab::coordinator {
namespace {

struct Query {
  std::string sql;
  UserQueryLimits limits;
};

Query parse(const std::string& text) {
  const auto json = rpc::parse_json(text, "the request's body");
  const rpc::Fields body(json, "body");
  body.allow_only({"sql", "max_rows"});
  Query query{.sql = body.text("sql"), .limits = {}};
  if (body.has("max_rows")) query.limits.max_rows = body.integer("max_rows", 1, 1'000'000);
  return query;
}

}  // namespace

Route query_route(const ApiContext& context) {
  Handler handler = [&context](const Request& request) -> boost::asio::awaitable<Response> {
    auto query = parse(request.body);
    query.limits.stop = context.stopping;
    co_return co_await blocking(context.pool,
                                [&] { return json_response(run_user_query(context.store, query.sql, query.limits)); });
  };
  return {.method = boost::beast::http::verb::post,
          .pattern = "/api/v1/query",
          .role = Role::read,
          .query = {},
          .body_limit = 1 << 20,
          .handler = std::move(handler)};
}

}  // namespace checkerlab::coordinator
