#include "coordinator/api/await_done.hpp"
#include "coordinator/api/dry_run.hpp"
#include "coordinator/api/routes.hpp"
#include "coordinator/api/study_summary.hpp"
#include "coordinator/api/submission.hpp"
#include "coordinator/http/blocking.hpp"
#include "rpc/fields.hpp"

namespace checkerlab::coordinator {

Route submit_study_route(const ApiContext& context) {
  Handler handler = [&context](const Request& request) -> boost::asio::awaitable<Response> {
    auto submission = co_await blocking(
        context.pool, [&] { return read_submission(rpc::parse_json(request.body, "the request's body")); });
    sign(submission, request.identity);
    if (request.query_flag("dry_run")) {
      co_return co_await blocking(context.pool, [&] {
        return json_response(dry_run_document(context.reads, submission, context.clock.utc()));
      });
    }
    const auto begin = [&](Coordinator::Done<SubmitOutcome> done) {
      context.coordinator.submit_study(std::move(submission), std::move(done));
    };
    const auto outcome = co_await await_done<SubmitOutcome>(begin);
    co_return json_response(co_await submitted_summary(context, outcome), outcome.created ? 201 : 200);
  };
  return {.method = boost::beast::http::verb::post,
          .pattern = "/api/v1/studies",
          .role = Role::submit,
          .query = {{.name = "dry_run", .kind = QueryKind::flag}},
          .body_limit = kSubmissionLimit,
          .handler = std::move(handler)};
}

}  // namespace checkerlab::coordinator
