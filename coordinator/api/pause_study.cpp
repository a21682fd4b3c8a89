#include "coordinator/api/await_done.hpp"
#include "coordinator/api/routes.hpp"
#include "coordinator/api/study_summary.hpp"
#include "rpc/fields.hpp"

namespace checkerlab::coordinator {
namespace {

bool stops_running(const std::string& text) {
  const auto json = rpc::parse_json(text, "the request's body");
  const rpc::Fields body(json, "body");
  body.allow_only({"stop_running"});
  return body.flag_or("stop_running", false);
}

}  // namespace

Route pause_study_route(const ApiContext& context) {
  Handler handler = [&context](const Request& request) -> boost::asio::awaitable<Response> {
    const PauseRequest wanted{.paused = true, .stop_running = stops_running(request.body)};
    const auto begin = [&](Coordinator::Done<PauseOutcome> done) {
      context.coordinator.pause_study(request.parameter("study"), wanted, std::move(done));
    };
    const auto outcome = co_await await_done<PauseOutcome>(begin);
    auto study = co_await study_summary(context, outcome.study_id);
    study["attempts_running"] = outcome.running;
    study["attempts_taken_back"] = outcome.taken_back;
    co_return json_response(study);
  };
  return {.method = boost::beast::http::verb::post,
          .pattern = "/api/v1/studies/{study}/pause",
          .role = Role::submit,
          .query = {},
          .body_limit = 1024,
          .handler = std::move(handler)};
}

}  // namespace checkerlab::coordinator
