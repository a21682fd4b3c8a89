#include "coordinator/api/read_route.hpp"

#include "coordinator/http/blocking.hpp"

namespace checkerlab::coordinator {

Route read_route(const ApiContext& context, std::string pattern, std::vector<QueryParameter> query, Read read) {
  Handler handler = [&context, read = std::move(read)](const Request& request) -> boost::asio::awaitable<Response> {
    co_return co_await blocking(context.pool, [&] { return json_response(read(context.reads, request)); });
  };
  return {.method = boost::beast::http::verb::get,
          .pattern = std::move(pattern),
          .role = Role::read,
          .query = std::move(query),
          .handler = std::move(handler)};
}

std::vector<QueryParameter> with_paging(std::vector<QueryParameter> parameters) {
  parameters.push_back({.name = "cursor"});
  parameters.push_back({.name = "limit", .kind = QueryKind::integer, .least = 1, .most = 1000});
  return parameters;
}

PageRequest page_request(const Request& request) {
  PageRequest page;
  page.cursor = request.query_text("cursor");
  page.limit = request.query_integer("limit").value_or(page.limit);
  return page;
}

}  // namespace checkerlab::coordinator
