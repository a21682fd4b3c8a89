// Drain, cordon and uncordon: one shape, three endpoints.
#include <unordered_set>

#include "coordinator/api/await_done.hpp"
#include "coordinator/api/routes.hpp"
#include "coordinator/http/blocking.hpp"

namespace checkerlab::coordinator {
namespace {

using Ids = std::vector<std::string>;
using Begin = std::function<void(const std::string& worker, Coordinator::Done<Ids> done)>;

// The workers with these ids, as the list of all shows them.
Json only(Json workers, const Ids& ids) {
  const std::unordered_set<std::string> wanted(ids.begin(), ids.end());
  Json items = Json::array();
  for (Json& worker : workers.at("items")) {
    if (wanted.contains(worker.at("id").get<std::string>())) items.push_back(std::move(worker));
  }
  return {{"items", std::move(items)}};
}

Route hold_back_route(const ApiContext& context, const std::string& what, Begin begin) {
  Handler handler = [&context, begin = std::move(begin)](const Request& request) -> boost::asio::awaitable<Response> {
    const auto ids = co_await await_done<Ids>(
        [&](Coordinator::Done<Ids> done) { begin(request.parameter("worker"), std::move(done)); });
    co_return co_await blocking(context.pool, [&] { return json_response(only(context.reads.workers(), ids)); });
  };
  return {.method = boost::beast::http::verb::post,
          .pattern = "/api/v1/workers/{worker}/" + what,
          .role = Role::admin,
          .query = {},
          .body_limit = 1024,
          .handler = std::move(handler)};
}

}  // namespace

Route drain_worker_route(const ApiContext& context) {
  return hold_back_route(context, "drain", [&context](const std::string& worker, Coordinator::Done<Ids> done) {
    context.coordinator.drain_worker(worker, std::move(done));
  });
}

Route cordon_worker_route(const ApiContext& context) {
  return hold_back_route(context, "cordon", [&context](const std::string& worker, Coordinator::Done<Ids> done) {
    context.coordinator.cordon_worker(worker, true, std::move(done));
  });
}

Route uncordon_worker_route(const ApiContext& context) {
  return hold_back_route(context, "uncordon", [&context](const std::string& worker, Coordinator::Done<Ids> done) {
    context.coordinator.cordon_worker(worker, false, std::move(done));
  });
}

}  // namespace checkerlab::coordinator
