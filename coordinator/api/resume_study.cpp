#include "coordinator/api/await_done.hpp"
#include "coordinator/api/routes.hpp"
#include "coordinator/api/study_summary.hpp"

namespace checkerlab::coordinator {

Route resume_study_route(const ApiContext& context) {
  Handler handler = [&context](const Request& request) -> boost::asio::awaitable<Response> {
    const auto begin = [&](Coordinator::Done<PauseOutcome> done) {
      context.coordinator.pause_study(request.parameter("study"), {.paused = false, .stop_running = false},
                                      std::move(done));
    };
    const auto outcome = co_await await_done<PauseOutcome>(begin);
    co_return json_response(co_await study_summary(context, outcome.study_id));
  };
  return {.method = boost::beast::http::verb::post,
          .pattern = "/api/v1/studies/{study}/resume",
          .role = Role::submit,
          .query = {},
          .body_limit = 1024,
          .handler = std::move(handler)};
}

}  // namespace checkerlab::coordinator
