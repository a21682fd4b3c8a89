#include "coordinator/api/routes.hpp"
#include "coordinator/api/token_documents.hpp"

namespace checkerlab::coordinator {

Route list_tokens_route(const ApiContext& context) {
  Handler handler = [&context](const Request&) -> boost::asio::awaitable<Response> {
    Json items = Json::array();
    for (const auto& token : context.tokens.all())
      items.push_back(token_document(context.tokens, token));
    co_return json_response({{"items", std::move(items)}});
  };
  return {.pattern = "/api/v1/tokens", .role = Role::admin, .query = {}, .handler = std::move(handler)};
}

}  // namespace checkerlab::coordinator
