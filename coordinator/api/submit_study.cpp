#include "coordinator/api/await_done.hpp"
#include "coordinator/api/dry_run.hpp"
#include "coordinator/api/routes.hpp"
#include "coordinator/api/study_order.hpp"
#include "coordinator/api/study_summary.hpp"
#include "coordinator/http/blocking.hpp"
#include "rpc/fields.hpp"
#include "sweeps/parse.hpp"
#include "sweeps/search/grid.hpp"
#include "sweeps/search/subject.hpp"

namespace checkerlab::coordinator {
namespace {

constexpr std::size_t kBodyLimit = 8 << 20;

std::vector<std::string> overrides_of(const rpc::Fields& body) {
  std::vector<std::string> overrides;
  if (!body.has("overrides")) return overrides;
  body.each("overrides", [&](const Json& item, const std::string& path) {
    if (!item.is_string()) rpc::refuse_field(path, "expected text");
    overrides.push_back(item.get<std::string>());
  });
  return overrides;
}

std::optional<sweeps::DatasetContent> dataset_of(const rpc::Fields& body) {
  if (!body.has("dataset")) return std::nullopt;
  const auto dataset = body.fields("dataset");
  dataset.allow_only({"path", "content_sha256", "images"});
  return sweeps::DatasetContent{.path = dataset.text("path"),
                                .content_sha256 = dataset.sha256("content_sha256"),
                                .images = dataset.integer("images", 0)};
}

std::vector<sweeps::GivenFile> files_of(const rpc::Fields& body) {
  std::vector<sweeps::GivenFile> files;
  if (!body.has("files")) return files;
  body.each("files", [&](const Json& item, const std::string& path) {
    const rpc::Fields file(item, path);
    file.allow_only({"place", "path", "sha256"});
    files.push_back({file.text("place"), file.text("path"), file.sha256("sha256")});
  });
  return files;
}

// What the request says goes before what the definition says.
OrderChange submitted_order(const Json& json, const rpc::Fields& body, const sweeps::SchedulingDefinition& scheduling) {
  constexpr std::size_t kLongestOwner = 200;
  OrderChange order = order_of(json, body);
  if (!order.priority) order.priority = scheduling.priority;
  if (!order.deadline && scheduling.deadline) {
    order.deadline.emplace();
    *order.deadline = deadline_of(*scheduling.deadline, "deadline");
  }
  if (!body.has("owner")) return order;
  order.owner = body.text("owner");
  if (order.owner->size() > kLongestOwner) rpc::refuse_field(body.path_of("owner"), "at most 200 bytes");
  return order;
}

// Parses, checks and plans; nothing is stored. Blocking: large studies take a while.
StudySubmission plan(const std::string& text) {
  const auto json = rpc::parse_json(text, "the request's body");
  const rpc::Fields body(json, "body");
  body.allow_only({"definition", "filename", "overrides", "dataset", "files", "priority", "deadline", "owner"});
  StudySubmission submission{.name = {},
                             .title = {},
                             .definition = body.text("definition"),
                             .filename = body.text_or("filename", "study.yaml"),
                             .overrides = overrides_of(body),
                             .plan = {},
                             .search = {}};
  const auto study = sweeps::parse_study(submission.definition, submission.filename, submission.overrides);
  submission.name = study.name;
  submission.title = study.title;
  submission.order = submitted_order(json, body, study.scheduling);
  const auto content = dataset_of(body);
  const auto files = files_of(body);
  submission.plan = sweeps::plan_study(study, content, files);
  if (sweeps::is_searching(study)) {
    submission.search =
        sweeps::search_document(submission.definition, submission.filename, submission.overrides, content, files);
  }
  return submission;
}

}  // namespace

Route submit_study_route(const ApiContext& context) {
  Handler handler = [&context](const Request& request) -> boost::asio::awaitable<Response> {
    auto submission = co_await blocking(context.pool, [&] { return plan(request.body); });
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
          .body_limit = kBodyLimit,
          .handler = std::move(handler)};
}

}  // namespace checkerlab::coordinator
