// Which study a figure is drawn from. Pure and thread-safe.
#pragma once

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "cli/reproduce/data/studies.hpp"

namespace checkerlab::cli::reproduce {

// Those of `all` that belong to the study, in the order of `all`. Numbers of several studies never share a figure.
template <typename Of>
std::vector<Of> of_study(const std::vector<Of>& all, const std::string& study_id) {
  std::vector<Of> chosen;
  std::ranges::copy_if(all, std::back_inserter(chosen), [&](const Of& item) { return item.study_id == study_id; });
  return chosen;
}

// The id of the first of `studies` that has any of `all`, which is not empty.
template <typename Of>
std::string newest_of(const std::vector<StudyInfo>& studies, const std::vector<Of>& all) {
  for (const StudyInfo& study : studies) {
    if (std::ranges::any_of(all, [&](const Of& item) { return item.study_id == study.id; })) return study.id;
  }
  return all.front().study_id;
}

}  // namespace checkerlab::cli::reproduce
