#include "coordinator/api/submission.hpp"

#include "coordinator/api/study_order.hpp"
#include "rpc/fields.hpp"
#include "sweeps/parse.hpp"
#include "sweeps/search/grid.hpp"
#include "sweeps/search/subject.hpp"

namespace checkerlab::coordinator {
namespace {

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

}  // namespace

std::vector<std::string> overrides_of(const rpc::Fields& body) {
  std::vector<std::string> overrides;
  if (!body.has("overrides")) return overrides;
  body.each("overrides", [&](const Json& item, const std::string& path) {
    if (!item.is_string()) rpc::refuse_field(path, "expected text");
    overrides.push_back(item.get<std::string>());
  });
  return overrides;
}

StudySubmission read_submission(const Json& json) {
  const rpc::Fields body(json, "body");
  body.allow_only({"definition", "filename", "overrides", "dataset", "files", "priority", "deadline", "owner"});
  StudySubmission submission;
  submission.definition = body.text("definition");
  submission.filename = body.text_or("filename", "study.yaml");
  submission.overrides = overrides_of(body);
  const auto study = sweeps::parse_study(submission.definition, submission.filename, submission.overrides);
  submission.name = study.name;
  submission.title = study.title;
  submission.code = study.code;
  submission.order = submitted_order(json, body, study.scheduling);
  const auto content = dataset_of(body);
  const auto files = files_of(body);
  submission.plan = sweeps::plan_study(study, content, files);
  if (body.has("dataset")) submission.given["dataset"] = json.at("dataset");
  if (body.has("files")) submission.given["files"] = json.at("files");
  if (sweeps::is_searching(study)) {
    submission.search =
        sweeps::search_document(submission.definition, submission.filename, submission.overrides, content, files);
  }
  return submission;
}

void sign(StudySubmission& submission, const Identity& identity) {
  submission.submitted_by = identity.user;
  // Whoever has the token file is the machine's owner and may speak for its users.
  if (identity.token != kOwner) submission.order.owner = identity.user;
}

}  // namespace checkerlab::coordinator
