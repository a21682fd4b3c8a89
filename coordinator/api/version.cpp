#include "base/version.hpp"

#include "coordinator/api/routes.hpp"

namespace checkerlab::coordinator {

Route version_route(const ApiContext& context) {
  Handler handler = [&context](const Request&) -> boost::asio::awaitable<Response> {
    co_return json_response({{"version", version_string()},
                             {"api_version", 1},
                             {"schema_version", context.store.schema_version()},
                             {"started_at", rfc3339(context.started_at)},
                             {"database", std::filesystem::absolute(context.store.file()).string()}});
  };
  return {.pattern = "/api/v1/version", .role = Role::read, .query = {}, .handler = std::move(handler)};
}

}  // namespace checkerlab::coordinator
