// Submissions that lean on what the store knows of the study.
#include "coordinator/api/submission.hpp"
#include "sweeps/parse.hpp"
#include "sweeps/search/subject.hpp"
#include "sweeps/search/wanted.hpp"

namespace checkerlab::coordinator {
namespace {

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

}  // namespace checkerlab::coordinator
