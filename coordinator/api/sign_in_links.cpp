#include "base/error.hpp"
#include "coordinator/api/routes.hpp"

namespace checkerlab::coordinator {

Route sign_in_links_route(const ApiContext& context) {
  Handler handler = [&context](const Request& request) -> boost::asio::awaitable<Response> {
    if (request.identity.credential != Credential::bearer_token || request.identity.role == Role::worker) {
      throw Error(ErrorCode::forbidden, "only a person's token signs a browser in, not another session",
                  "Run 'checkerlab web' with your token.");
    }
    const auto link = context.authenticator.make_link(request.identity);
    const std::string scheme = context.tls ? "https://" : "http://";
    // The Host header was checked on admission; it is the name under which the caller reaches this coordinator.
    co_return json_response({{"url", scheme + request.header("Host") + "/sign_in?code=" + link.code},
                             {"expires_at", rfc3339(link.expires_at)}},
                            201);
  };
  return {.method = boost::beast::http::verb::post,
          .pattern = "/api/v1/sign_in_links",
          .role = Role::read,
          .query = {},
          .body_limit = 1024,
          .handler = std::move(handler),
          .secret = true};
}

}  // namespace checkerlab::coordinator
