#include "coordinator/api/await_done.hpp"
#include "coordinator/api/routes.hpp"
#include "coordinator/api/study_summary.hpp"
#include "rpc/fields.hpp"

namespace checkerlab::coordinator {
namespace {

constexpr std::size_t kBodyLimit = 8 << 20;

// With nothing chosen: all that failed or was cancelled.
RerunRequest parse(const std::string& text) {
  const auto json = rpc::parse_json(text, "the request's body");
  const rpc::Fields body(json, "body");
  body.allow_only({"failed", "cancelled", "jobs"});
  RerunRequest wanted{
      .failed = body.flag_or("failed", false), .cancelled = body.flag_or("cancelled", false), .jobs = {}};
  if (body.has("jobs")) {
    body.each("jobs", [&](const Json& item, const std::string& path) {
      if (!item.is_string()) rpc::refuse_field(path, "expected a job's key");
      wanted.jobs.emplace_back(item.get<std::string>());
    });
  }
  if (!wanted.jobs.empty() && (wanted.failed || wanted.cancelled))
    rpc::refuse_field("body.jobs", "stands alone: either jobs, or failed and cancelled");
  if (wanted.jobs.empty() && !wanted.failed && !wanted.cancelled) wanted.failed = wanted.cancelled = true;
  return wanted;
}

}  // namespace

Route rerun_study_route(const ApiContext& context) {
  Handler handler = [&context](const Request& request) -> boost::asio::awaitable<Response> {
    auto wanted = parse(request.body);
    const auto begin = [&](Coordinator::Done<RerunOutcome> done) {
      context.coordinator.rerun_jobs(request.parameter("study"), std::move(wanted), std::move(done));
    };
    const auto outcome = co_await await_done<RerunOutcome>(begin);
    auto study = co_await study_summary(context, outcome.study_id);
    study["jobs_started"] = outcome.started;
    study["jobs_revived"] = outcome.revived;
    study["jobs_succeeded"] = outcome.succeeded;
    study["jobs_open"] = outcome.open;
    co_return json_response(study);
  };
  return {.method = boost::beast::http::verb::post,
          .pattern = "/api/v1/studies/{study}/rerun",
          .role = Role::submit,
          .query = {},
          .body_limit = kBodyLimit,
          .handler = std::move(handler)};
}

}  // namespace checkerlab::coordinator
