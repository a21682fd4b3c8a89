#include "base/error.hpp"
#include "coordinator/api/await_done.hpp"
#include "coordinator/api/routes.hpp"
#include "coordinator/api/token_documents.hpp"
#include "rpc/fields.hpp"

namespace checkerlab::coordinator {
namespace {

constexpr std::int64_t kMostSeconds = 3650LL * 24 * 3600;

Role role_of(const rpc::Fields& body) {
  const auto name = body.text("role");
  const auto role = role_from(name);
  if (role && *role != Role::anyone) return *role;
  rpc::refuse_field(body.path_of("role"), "'" + name + "' is none of read, submit, worker, admin");
}

NewToken parse(const std::string& text) {
  const auto json = rpc::parse_json(text, "the request's body");
  const rpc::Fields body(json, "body");
  body.allow_only({"user", "role", "label", "worker", "expires_in_seconds"});
  NewToken token{.user = body.text("user"),
                 .role = role_of(body),
                 .label = body.text_or("label", ""),
                 .worker = body.text_or("worker", ""),
                 .lifetime = std::nullopt};
  if (body.has("expires_in_seconds"))
    token.lifetime = std::chrono::seconds(body.integer("expires_in_seconds", 1, kMostSeconds));
  return token;
}

}  // namespace

Route add_token_route(const ApiContext& context) {
  Handler handler = [&context](const Request& request) -> boost::asio::awaitable<Response> {
    auto wanted = parse(request.body);
    const auto begin = [&](Tokens::Done<IssuedToken> done) {
      context.tokens.issue(std::move(wanted), request.identity.user, std::move(done));
    };
    const auto issued = co_await await_done<IssuedToken>(begin);
    auto document = token_document(context.tokens, issued.token);
    document["token"] = issued.text;
    co_return json_response(document, 201);
  };
  return {.method = boost::beast::http::verb::post,
          .pattern = "/api/v1/tokens",
          .role = Role::admin,
          .query = {},
          .body_limit = 16 << 10,
          .handler = std::move(handler),
          .secret = true};
}

}  // namespace checkerlab::coordinator
