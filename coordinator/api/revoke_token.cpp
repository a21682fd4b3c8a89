#include "coordinator/api/await_done.hpp"
#include "coordinator/api/routes.hpp"
#include "coordinator/api/token_documents.hpp"

namespace checkerlab::coordinator {

Route revoke_token_route(const ApiContext& context) {
  Handler handler = [&context](const Request& request) -> boost::asio::awaitable<Response> {
    const auto begin = [&](Tokens::Done<TokenRow> done) {
      context.tokens.revoke(request.parameter("token"), std::move(done));
    };
    const auto token = co_await await_done<TokenRow>(begin);
    co_return json_response(token_document(context.tokens, token));
  };
  return {.method = boost::beast::http::verb::post,
          .pattern = "/api/v1/tokens/{token}/revoke",
          .role = Role::admin,
          .query = {},
          .body_limit = 1024,
          .handler = std::move(handler)};
}

}  // namespace checkerlab::coordinator
