#include "coordinator/api/submission.hpp"

#include "coordinator/api/study_order.hpp"
#include "rpc/fields.hpp"
#include "sweeps/parse.hpp"
#include "sweeps/search/grid.hpp"
#include "sweeps/search/subject.hpp"
#include "sweeps/search/wanted.hpp"

namespace checkerlab::coordinator {
namespace {

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

// What was given with the study's present revision, for a definition that names the same data set and files.
void take_given(Json& body, const sweeps::StudyDefinition& study, const Json& last) {
  const auto overrides = last.at("overrides").get<std::vector<std::string>>();
  try {
    const auto before = sweeps::parse_study(last.at("definition").get<std::string>(), "", overrides);
    const bool same_data = before.dataset.path == study.dataset.path;
    if (same_data && (!body.contains("dataset") || body.at("dataset").is_null()))
      body["dataset"] = last.at("given").at("dataset");
    if (!body.contains("files") && sweeps::wanted_files(before) == sweeps::wanted_files(study))
      body["files"] = last.at("given").at("files");
  } catch (const sweeps::DefinitionError&) {
    // A definition of another version, or none: there is nothing to take.
  }
}

}  // namespace

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

StudySubmission read_revision(Json body, const ReadModels& reads, const std::string& study) {
  const rpc::Fields fields(body, "body");
  const auto definition =
      sweeps::parse_study(fields.text("definition"), fields.text_or("filename", "study.yaml"), overrides_of(fields));
  take_given(body, definition, reads.present_revision(study));
  return read_submission(body);
}

void add_searched(StudySubmission& submission, const ReadModels& reads, const std::string& study) {
  if (submission.search.is_null()) return;
  const auto subject = sweeps::read_search_document(submission.search);
  sweeps::add_wanted(submission.plan, subject, reads.scores_for(study));
}

void sign(StudySubmission& submission, const Identity& identity) {
  submission.submitted_by = identity.user;
  // Whoever has the token file is the machine's owner and may speak for its users.
  if (identity.token != kOwner) submission.order.owner = identity.user;
}

}  // namespace checkerlab::coordinator
