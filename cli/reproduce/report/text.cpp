#include <algorithm>

#include "cli/reproduce/report/writers.hpp"
#include "cli/tables/table.hpp"

namespace checkerlab::cli::reproduce {
namespace {

bool any_ours(const ComparedRow& row) {
  return std::ranges::any_of(row.cells, [](const ComparedCell& cell) { return cell.ours.has_value(); });
}

// Rows without any measurement are counted, not listed.
std::string compared(const ComparedTable& table) {
  const Footnotes notes(table);
  Table lines({{"Row"}, {"Column"}, {"Printed", Align::right}, {"Ours", Align::right}, {"Verdict"}});
  std::string not_run;
  for (const ComparedRow& row : table.rows) {
    if (!any_ours(row)) {
      not_run += (not_run.empty() ? "" : ", ") + row.name;
      continue;
    }
    for (const ComparedCell& cell : row.cells)
      lines.add_row({row.name, cell.column, printed_in_words(cell), ours_in_words(cell), notes.verdict(cell)});
  }
  std::string text = table.caption + "\n\n";
  if (lines.rows() > 0) text += lines.to_text() + "\n";
  if (!not_run.empty()) text += "Not run: " + not_run + ".\n";
  for (std::size_t i = 0; i < notes.reasons().size(); ++i)
    text += "[" + Footnotes::letter(i) + "] " + notes.reasons()[i] + "\n";
  return text + "\n";
}

std::string measured(const MeasuredTable& table) {
  std::vector<Column> columns;
  for (const std::string& name : table.columns)
    columns.push_back({name, columns.empty() ? Align::left : Align::right});
  Table lines(columns);
  for (const auto& row : table.rows)
    lines.add_row(row);
  return table.caption + "\n\n" + lines.to_text() + "\n";
}

}  // namespace

std::string to_text(const Report& report) {
  std::string text = report.title + "\n\n";
  for (const std::string& note : report.notes)
    text += note + "\n";
  if (!report.notes.empty()) text += "\n";
  for (const ComparedTable& table : report.compared)
    text += compared(table);
  for (const MeasuredTable& table : report.measured)
    text += measured(table);
  for (const Claim& claim : report.claims)
    text += std::string(to_string(claim.finding)) + ": " + claim.statement + "\n  " + claim.why + "\n";
  return text + (report.claims.empty() ? "" : "\n");
}

}  // namespace checkerlab::cli::reproduce
