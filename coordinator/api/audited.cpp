#include "base/error.hpp"
#include "coordinator/api/guards.hpp"
#include "coordinator/http/problems.hpp"

namespace checkerlab::coordinator {
namespace {

// The id of what an answer is about: a study, a token.
std::string named_by(const Response& response) {
  if (response.status >= 300) return {};
  const auto body = Json::parse(response.body, nullptr, false);
  if (!body.is_object()) return {};
  const auto id = body.find("id");
  return id != body.end() && id->is_string() ? id->get<std::string>() : std::string();
}

}  // namespace

Route audited(const ApiContext& context, Route route) {
  auto inner = std::get<Handler>(std::move(route.handler));
  Handler handler = [&context, pattern = route.pattern,
                     inner = std::move(inner)](const Request& request) -> boost::asio::awaitable<Response> {
    const auto entry = context.audit.begin(request, pattern);
    std::exception_ptr failure;
    Response response;
    try {
      response = co_await inner(request);
    } catch (...) {
      failure = std::current_exception();
    }
    if (failure) {
      context.audit.end(entry, request, status_of(failure));
      std::rethrow_exception(failure);
    }
    context.audit.end(entry, request, response.status, named_by(response));
    co_return response;
  };
  route.handler = std::move(handler);
  return route;
}

Route guarded(const ApiContext& context, Route route) {
  if (route.method == boost::beast::http::verb::get || !std::holds_alternative<Handler>(route.handler)) return route;
  const bool changes = route.role != Role::read && route.role != Role::anyone;
  if (changes && !route.secret) route = repeatable(context, std::move(route));
  return audited(context, std::move(route));
}

}  // namespace checkerlab::coordinator
