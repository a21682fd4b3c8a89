#include "sweeps/search/subject.hpp"

#include "base/canonical_json.hpp"
#include "sweeps/checked_json.hpp"
#include "sweeps/meaning_check.hpp"
#include "sweeps/read_definition.hpp"

namespace checkerlab::sweeps {

using Json = nlohmann::json;

Json search_document(std::string_view yaml, std::string_view filename, std::span<const std::string> overrides,
                     const std::optional<DatasetContent>& content, const std::vector<GivenFile>& files) {
  Json document{
      {"definition", checked_json(yaml, filename, overrides,
                                  {.schema = SchemaName::study, .ratio_from_preset = false, .meaning = check_meaning})},
      {"content", nullptr},
      {"files", Json::array()}};
  if (content) {
    document["content"] = {
        {"path", content->path}, {"content_sha256", content->content_sha256}, {"images", content->images}};
  }
  for (const GivenFile& file : files)
    document["files"].push_back({{"place", file.place}, {"path", file.path}, {"sha256", file.sha256}});
  return document;
}

SearchSubject read_search_document(const Json& document) {
  SearchSubject subject{read_definition(document.at("definition")), std::nullopt, {}};
  if (const Json& content = document.at("content"); !content.is_null())
    subject.content = {content.at("path"), content.at("content_sha256"), content.at("images")};
  for (const Json& file : document.at("files"))
    subject.files.push_back({file.at("place"), file.at("path"), file.at("sha256")});
  return subject;
}

std::string search_identity(const StudyDefinition& study) {
  const GuidanceSearch& search = study.sweep.search.value();
  return canonical_json({{"from", search.from},
                         {"to", search.to},
                         {"step", search.step},
                         {"screen_samples", search.screen_samples},
                         {"within", search.within},
                         {"samples", study.evaluation.samples}});
}

}  // namespace checkerlab::sweeps
