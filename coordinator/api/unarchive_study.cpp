#include "coordinator/api/await_done.hpp"
#include "coordinator/api/routes.hpp"
#include "coordinator/api/study_summary.hpp"

namespace checkerlab::coordinator {

Route unarchive_study_route(const ApiContext& context) {
  Handler handler = [&context](const Request& request) -> boost::asio::awaitable<Response> {
    const auto begin = [&](Coordinator::Done<std::string> done) {
      context.coordinator.archive_study(request.parameter("study"), false, std::move(done));
    };
    const auto id = co_await await_done<std::string>(begin);
    co_return json_response(co_await study_summary(context, id));
  };
  return {.method = boost::beast::http::verb::post,
          .pattern = "/api/v1/studies/{study}/unarchive",
          .role = Role::submit,
          .query = {},
          .body_limit = 1024,
          .handler = std::move(handler)};
}

}  // namespace checkerlab::coordinator
