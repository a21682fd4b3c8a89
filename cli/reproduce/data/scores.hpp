// Scores of samples that came from elsewhere: what `checkerlab score --json` printed, given for a row of a table.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "cli/figure/figure.hpp"
#include "cli/reproduce/verdict/conditions.hpp"

namespace checkerlab::cli::reproduce {

struct GivenScore {
  std::string row;   // of the table
  std::string file;  // where it was read from
  std::map<std::string, figure::Measured> metrics;
  MeasuredUnder under;  // network, reference and samples; the data set is the user's word
};

// Reads `text`, the flat JSON object of `checkerlab score --json`. Throws Error(invalid_data) that names the file and
// the field. A network is known by its hash: the published Inception's file is named after it.
GivenScore read_score(const std::string& row, const std::string& file, std::string_view text);

}  // namespace checkerlab::cli::reproduce
