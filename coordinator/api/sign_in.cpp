#include "base/error.hpp"
#include "coordinator/api/routes.hpp"

namespace checkerlab::coordinator {

Route sign_in_route(const ApiContext& context) {
  Handler handler = [&context](const Request& request) -> boost::asio::awaitable<Response> {
    if (request.method == boost::beast::http::verb::head) {  // a link preview must not spend the code
      co_return Response{.status = 204, .content_type = {}, .headers = {{"Cache-Control", "no-store"}}};
    }
    const auto cookie = context.authenticator.redeem(request.query_text("code"));
    if (!cookie) {
      throw Error(ErrorCode::unauthorized, "this sign-in link was used already, or its five minutes are over",
                  "Run 'checkerlab web' for a new one.");
    }
    co_return Response{.status = 303,
                       .content_type = {},
                       .headers = {{"Location", "/"}, {"Set-Cookie", *cookie}, {"Cache-Control", "no-store"}}};
  };
  return {.pattern = "/sign_in", .role = Role::anyone, .query = {{.name = "code"}}, .handler = std::move(handler)};
}

}  // namespace checkerlab::coordinator
