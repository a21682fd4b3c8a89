// POST /api/v1/studies/{study}/diff: what a definition would change, without changing anything.
#include "coordinator/api/routes.hpp"
#include "coordinator/api/submission.hpp"
#include "coordinator/http/blocking.hpp"
#include "rpc/fields.hpp"

namespace checkerlab::coordinator {
namespace {

Json diff(const ReadModels& reads, const Request& request) {
  const std::string& study = request.parameter("study");
  StudySubmission submission = read_revision(rpc::parse_json(request.body, "the request's body"), reads, study);
  add_searched(submission, reads, study);
  std::vector<DiffJob> jobs;
  for (const sweeps::Job& job : submission.plan.jobs)
    jobs.push_back({job.key.str(), job.kind, job.label});
  return reads.diff_with(study, jobs);
}

}  // namespace

Route diff_study_route(const ApiContext& context) {
  Handler handler = [&context](const Request& request) -> boost::asio::awaitable<Response> {
    co_return co_await blocking(context.pool, [&] { return json_response(diff(context.reads, request)); });
  };
  return {.method = boost::beast::http::verb::post,
          .pattern = "/api/v1/studies/{study}/diff",
          .role = Role::read,
          .query = {},
          .body_limit = kSubmissionLimit,
          .handler = std::move(handler)};
}

}  // namespace checkerlab::coordinator
