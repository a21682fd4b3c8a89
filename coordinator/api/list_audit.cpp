#include "coordinator/api/read_route.hpp"
#include "coordinator/api/routes.hpp"
#include "coordinator/http/blocking.hpp"
#include "coordinator/store/audit_rows.hpp"

namespace checkerlab::coordinator {

Route list_audit_route(const ApiContext& context) {
  Handler handler = [&context](const Request& request) -> boost::asio::awaitable<Response> {
    const auto page = page_request(request);
    const auto user = request.query_text("user");
    co_return co_await blocking(context.pool, [&] {
      context.store.flush();  // what was answered before this request is in the list
      return json_response(context.store.read(
          [&](SQLite::Database& database) { return audit_page(database, user, page.cursor, page.limit); }));
    });
  };
  return {.pattern = "/api/v1/audit",
          .role = Role::admin,
          .query = with_paging({{.name = "user"}}),
          .handler = std::move(handler)};
}

}  // namespace checkerlab::coordinator
