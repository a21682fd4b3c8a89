// The studies that an item may be read from.
#pragma once

#include <string>
#include <vector>

#include "cli/reproduce/data/ask.hpp"

namespace checkerlab::cli::reproduce {

struct StudyInfo {
  std::string id;
  std::string name;
  std::string title;
  std::string state;
};

// All studies, newest first.
std::vector<StudyInfo> read_studies(const Ask& ask);

// Those that `names` name, in that order, each by id or as the newest of its name; all of them when nothing is named.
// Throws Error(not_found) with the nearest name.
std::vector<StudyInfo> choose_studies(const std::vector<StudyInfo>& all, const std::vector<std::string>& names);

// Their ids.
std::vector<std::string> ids_of(const std::vector<StudyInfo>& studies);

}  // namespace checkerlab::cli::reproduce
