#include "cli/reproduce/report/report.hpp"

#include <algorithm>
#include <cmath>

#include "base/text/number.hpp"

namespace checkerlab::cli::reproduce {

std::string ours_in_words(const ComparedCell& cell) {
  if (!cell.ours) return "";
  const bool known = cell.ours->uncertainty && std::isfinite(*cell.ours->uncertainty) && *cell.ours->uncertainty > 0;
  return known ? with_uncertainty(cell.ours->value, cell.ours->uncertainty)
               : fixed(cell.ours->value, cell.printed.decimals);
}

std::string printed_in_words(const ComparedCell& cell) {
  return fixed(cell.printed.value, cell.printed.decimals);
}

Footnotes::Footnotes(const ComparedTable& table) {
  for (const ComparedRow& row : table.rows) {
    for (const ComparedCell& cell : row.cells) {
      for (const std::string& reason : cell.verdict.reasons) {
        if (std::ranges::find(reasons_, reason) == reasons_.end()) reasons_.push_back(reason);
      }
    }
  }
}

std::string Footnotes::letter(std::size_t index) {
  std::string name(1, static_cast<char>('a' + index % 26));
  return index < 26 ? name : letter(index / 26 - 1) + name;
}

std::string Footnotes::verdict(const ComparedCell& cell) const {
  if (cell.verdict.reasons.empty()) return in_words(cell.verdict, cell.printed.decimals);
  std::string letters;
  for (const std::string& reason : cell.verdict.reasons) {
    const auto index = static_cast<std::size_t>(std::ranges::find(reasons_, reason) - reasons_.begin());
    letters += (letters.empty() ? "" : ", ") + letter(index);
  }
  return std::string(to_string(cell.verdict.kind)) + " [" + letters + "]";
}

}  // namespace checkerlab::cli::reproduce
