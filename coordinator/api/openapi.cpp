#include "schemas/openapi.hpp"

#include "coordinator/api/routes.hpp"

namespace checkerlab::coordinator {

Route openapi_route() {
  Handler handler = [](const Request&) -> boost::asio::awaitable<Response> {
    co_return Response{
        .content_type = "application/json", .body = openapi_json(), .headers = {{"Cache-Control", "no-cache"}}};
  };
  return {.pattern = "/openapi.json", .role = Role::anyone, .query = {}, .handler = std::move(handler)};
}

}  // namespace checkerlab::coordinator
