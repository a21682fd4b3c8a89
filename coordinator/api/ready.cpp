// GET /readyz: whether the coordinator can do its work now, and if not, what is wrong. /healthz only says that it
// lives.
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "coordinator/api/routes.hpp"
#include "coordinator/http/blocking.hpp"

namespace checkerlab::coordinator {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::seconds kPatience{2};
// Artifacts are refused at ArtifactStore::kReserveBytes; say so while there is still some room.
constexpr std::uint64_t kNearlyFull = 4 * ArtifactStore::kReserveBytes;

Json check(const char* name, const std::string& problem) {
  return {{"name", name}, {"ok", problem.empty()}, {"problem", problem}};
}

// An empty change through the writer and the disk's locks: shared, for the answer may come after the patience.
struct Probe {
  explicit Probe(const asio::any_io_executor& executor) : over(executor) {}

  asio::steady_timer over;
  bool answered = false;
  std::exception_ptr error;
};

std::string text_of(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& exception) {
    return exception.what();
  }
}

asio::awaitable<std::string> store_problem(Store& store) {
  const auto executor = co_await asio::this_coro::executor;
  const auto probe = std::make_shared<Probe>(executor);
  probe->over.expires_after(kPatience);
  store.write([](SQLite::Database&) {},
              [probe, executor](std::exception_ptr error) {
                asio::post(executor, [probe, error] {
                  probe->answered = true;
                  probe->error = error;
                  probe->over.cancel();
                });
              });
  boost::system::error_code woken;
  if (!probe->answered) co_await probe->over.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  if (!probe->answered) co_return "no write was answered within 2 seconds";
  co_return probe->error ? text_of(probe->error) : "";
}

std::string disk_problem(const ArtifactStore& artifacts) {
  const auto free = artifacts.free_bytes();
  if (free >= kNearlyFull) return "";
  return "only " + std::to_string(free >> 20) + " MiB are free on the disk of the artifacts; at " +
         std::to_string(ArtifactStore::kReserveBytes >> 20) + " MiB none is taken any more";
}

}  // namespace

Route ready_route(const ApiContext& context) {
  Handler handler = [&context](const Request&) -> asio::awaitable<Response> {
    Json checks = Json::array();
    checks.push_back(check("running", context.stopping.stop_requested() ? "the coordinator is stopping" : ""));
    checks.push_back(check("loaded", context.coordinator.loaded()
                                         ? ""
                                         : "the database could not be used; the coordinator tries again every second"));
    const std::string disk = co_await blocking(context.pool, [&] { return disk_problem(context.artifacts); });
    checks.push_back(check("disk", disk));
    const std::string store = co_await store_problem(context.store);
    checks.push_back(check("store", store));
    bool ready = true;
    for (const Json& one : checks)
      ready = ready && one.at("ok").get<bool>();
    co_return json_response({{"ready", ready}, {"checks", std::move(checks)}}, ready ? 200 : 503);
  };
  return {.pattern = "/readyz", .role = Role::anyone, .query = {}, .handler = std::move(handler)};
}

}  // namespace checkerlab::coordinator
