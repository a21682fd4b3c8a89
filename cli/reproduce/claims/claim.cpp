#include "cli/reproduce/claims/claim.hpp"

#include <algorithm>

namespace checkerlab::cli::reproduce {

const char* to_string(Finding finding) {
  switch (finding) {
    case Finding::holds:
      return "holds";
    case Finding::does_not_hold:
      return "does not hold";
    case Finding::cannot_be_told:
      break;
  }
  return "cannot be told";
}

Finding combined(const std::vector<Finding>& findings) {
  if (std::ranges::count(findings, Finding::does_not_hold) > 0) return Finding::does_not_hold;
  if (findings.empty() || std::ranges::count(findings, Finding::cannot_be_told) > 0) return Finding::cannot_be_told;
  return Finding::holds;
}

}  // namespace checkerlab::cli::reproduce
