#include "cli/reproduce/data/studies.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/suggestion.hpp"

namespace checkerlab::cli::reproduce {
namespace {

[[noreturn]] void refuse(const std::vector<StudyInfo>& all, const std::string& name) {
  std::vector<std::string> names;
  for (const StudyInfo& study : all)
    names.push_back(study.name);
  const auto nearest = nearest_name(name, names);
  throw Error(ErrorCode::not_found, "there is no study '" + name + "'",
              nearest ? "Did you mean '" + *nearest + "'?" : "`checkerlab status` lists the studies.");
}

}  // namespace

std::vector<StudyInfo> read_studies(const Ask& ask) {
  const Rows rows(ask("select id, name, title, state from studies order by number desc"));
  std::vector<StudyInfo> studies;
  for (std::size_t i = 0; i < rows.size(); ++i)
    studies.push_back({rows[i].text("id"), rows[i].text("name"), rows[i].text("title"), rows[i].text("state")});
  return studies;
}

std::vector<StudyInfo> choose_studies(const std::vector<StudyInfo>& all, const std::vector<std::string>& names) {
  if (names.empty()) return all;
  std::vector<StudyInfo> chosen;
  for (const std::string& name : names) {
    auto found = std::ranges::find(all, name, &StudyInfo::id);
    if (found == all.end()) found = std::ranges::find(all, name, &StudyInfo::name);
    if (found == all.end()) refuse(all, name);
    if (std::ranges::find(chosen, found->id, &StudyInfo::id) == chosen.end()) chosen.push_back(*found);
  }
  return chosen;
}

std::vector<std::string> ids_of(const std::vector<StudyInfo>& studies) {
  std::vector<std::string> ids;
  for (const StudyInfo& study : studies)
    ids.push_back(study.id);
  return ids;
}

}  // namespace checkerlab::cli::reproduce
