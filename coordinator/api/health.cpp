#include "coordinator/api/routes.hpp"

namespace checkerlab::coordinator {

Route health_route() {
  Handler handler = [](const Request&) -> boost::asio::awaitable<Response> {
    co_return json_response({{"status", "ok"}});
  };
  return {.pattern = "/healthz", .role = Role::anyone, .query = {}, .handler = std::move(handler)};
}

}  // namespace checkerlab::coordinator
