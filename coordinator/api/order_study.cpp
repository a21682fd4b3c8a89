#include "base/error.hpp"
#include "coordinator/api/await_done.hpp"
#include "coordinator/api/routes.hpp"
#include "coordinator/api/study_order.hpp"
#include "coordinator/api/study_summary.hpp"

namespace checkerlab::coordinator {
namespace {

OrderChange parse(const std::string& text) {
  const auto json = rpc::parse_json(text, "the request's body");
  const rpc::Fields body(json, "body");
  body.allow_only({"priority", "deadline"});
  OrderChange change = order_of(json, body);
  if (change.empty())
    throw Error(ErrorCode::invalid_data, "body: nothing to change", "Give a priority, a deadline, or both.");
  return change;
}

}  // namespace

Route order_study_route(const ApiContext& context) {
  Handler handler = [&context](const Request& request) -> boost::asio::awaitable<Response> {
    const auto change = parse(request.body);
    const auto begin = [&](Coordinator::Done<std::string> done) {
      context.coordinator.order_study(request.parameter("study"), change, std::move(done));
    };
    const auto id = co_await await_done<std::string>(begin);
    co_return json_response(co_await study_summary(context, id));
  };
  return {.method = boost::beast::http::verb::post,
          .pattern = "/api/v1/studies/{study}/order",
          .role = Role::submit,
          .query = {},
          .body_limit = 4096,
          .handler = std::move(handler)};
}

}  // namespace checkerlab::coordinator
