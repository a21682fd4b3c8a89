// What `checkerlab reproduce` found, independent of how it is written. Plain values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/reproduce/claims/claim.hpp"
#include "cli/reproduce/verdict/verdict.hpp"

namespace checkerlab::cli::reproduce {

// One printed number and what stands beside it.
struct ComparedCell {
  Printed printed;
  std::string column;        // its name for people
  std::optional<Ours> ours;  // with its uncertainty
  Verdict verdict;
};

struct ComparedRow {
  std::string name;
  std::string measured_as;  // which point of which study, in words; empty when nothing was measured
  std::vector<ComparedCell> cells;
};

struct ComparedTable {
  std::string caption;
  std::string conditions;  // of the printed numbers, in words
  std::vector<std::string> columns;
  std::vector<ComparedRow> rows;
};

// Measured numbers without printed ones.
struct MeasuredTable {
  std::string caption;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
};

struct Picture {
  std::string file;     // its name in the folder: "fig5.svg"
  std::string content;  // bytes
  std::string caption;
};

struct Report {
  std::string item;   // "table1"
  std::string title;  // "Table 1: …"
  // Sentences above everything: what was read, how it was measured, what is missing and what to run.
  std::vector<std::string> notes;
  std::vector<ComparedTable> compared;
  std::vector<MeasuredTable> measured;
  std::vector<Picture> pictures;
  std::vector<Claim> claims;
};

// "2.80 ± 0.02", "17", "0.52"; empty without a value.
std::string ours_in_words(const ComparedCell& cell);
// As printed: "2.30".
std::string printed_in_words(const ComparedCell& cell);

// Reasons that cells of a table share, each once, in order of appearance: letters "a", "b", … stand for them in the
// cells.
class Footnotes {
 public:
  explicit Footnotes(const ComparedTable& table);
  // "agrees (+0.02, 0.4 standard errors)", "not comparable [a, b]", "not run [c]".
  std::string verdict(const ComparedCell& cell) const;
  const std::vector<std::string>& reasons() const { return reasons_; }
  static std::string letter(std::size_t index);

 private:
  std::vector<std::string> reasons_;
};

}  // namespace checkerlab::cli::reproduce
