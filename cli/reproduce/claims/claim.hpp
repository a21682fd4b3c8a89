// A statement of the paper, checked on measured numbers. Plain values.
#pragma once

#include <string>
#include <vector>

namespace checkerlab::cli::reproduce {

enum class Finding { holds, does_not_hold, cannot_be_told };

// "holds", "does not hold", "cannot be told".
const char* to_string(Finding finding);

struct Claim {
  std::string id;         // "ratios_coincide"
  std::string statement;  // in a sentence
  std::string rule;       // when it holds
  Finding finding = Finding::cannot_be_told;
  std::string why;                    // in a sentence, with the deciding number
  std::vector<std::string> evidence;  // every number that was compared, a line each
};

// Of several findings: one that does not hold decides; else all must hold.
Finding combined(const std::vector<Finding>& findings);

}  // namespace checkerlab::cli::reproduce
