#include "coordinator/api/await_done.hpp"
#include "coordinator/api/routes.hpp"
#include "coordinator/api/study_summary.hpp"
#include "coordinator/api/submission.hpp"
#include "coordinator/http/blocking.hpp"
#include "rpc/fields.hpp"

namespace checkerlab::coordinator {
namespace {

// Takes the field out of the body; the rest is a submission.
std::optional<std::int64_t> take_based_on(Json& json) {
  const rpc::Fields body(json, "body");
  body.allow_only({"definition", "filename", "overrides", "dataset", "files", "based_on"});
  std::optional<std::int64_t> revision;
  if (body.has("based_on")) revision = body.integer("based_on", 1);
  json.erase("based_on");
  return revision;
}

Json with_counts(Json study, const ReviseOutcome& outcome) {
  study["jobs_total"] = outcome.jobs_total;
  study["jobs_added"] = outcome.jobs_added;
  study["jobs_removed"] = outcome.jobs_removed;
  study["jobs_shared"] = outcome.jobs_shared;
  study["jobs_new"] = outcome.jobs_new;
  study["jobs_done"] = outcome.jobs_done;
  study["jobs_cancelled"] = outcome.jobs_cancelled;
  return study;
}

}  // namespace

Route extend_study_route(const ApiContext& context) {
  Handler handler = [&context](const Request& request) -> boost::asio::awaitable<Response> {
    auto body = rpc::parse_json(request.body, "the request's body");
    const auto based_on = take_based_on(body);
    auto submission =
        co_await blocking(context.pool, [&] { return read_revision(body, context.reads, request.parameter("study")); });
    submission.submitted_by = request.identity.user;
    const auto begin = [&](Coordinator::Done<ReviseOutcome> done) {
      context.coordinator.revise_study(request.parameter("study"), std::move(submission), based_on, std::move(done));
    };
    const auto outcome = co_await await_done<ReviseOutcome>(begin);
    co_return json_response(with_counts(co_await study_summary(context, outcome.study_id), outcome));
  };
  return {.method = boost::beast::http::verb::post,
          .pattern = "/api/v1/studies/{study}/extend",
          .role = Role::submit,
          .query = {},
          .body_limit = kSubmissionLimit,
          .handler = std::move(handler)};
}

}  // namespace checkerlab::coordinator
