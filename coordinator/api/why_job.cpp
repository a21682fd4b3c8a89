#include "coordinator/api/routes.hpp"

namespace checkerlab::coordinator {

// Reads the scheduler's memory, on its own thread.
Route why_job_route(const ApiContext& context) {
  Handler handler = [&context](const Request& request) -> boost::asio::awaitable<Response> {
    co_return json_response(context.coordinator.why(request.parameter("key")));
  };
  return {.method = boost::beast::http::verb::get,
          .pattern = "/api/v1/jobs/{key}/why",
          .role = Role::read,
          .query = {},
          .handler = std::move(handler)};
}

}  // namespace checkerlab::coordinator
