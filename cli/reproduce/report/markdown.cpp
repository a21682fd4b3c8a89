#include "base/text/text_width.hpp"
#include "cli/reproduce/report/writers.hpp"

namespace checkerlab::cli::reproduce {
namespace {

// What would end a cell or begin markup does neither.
std::string plain(const std::string& text) {
  std::string result;
  for (const char c : printable(text)) {
    if (std::string("|\\`*_<>[]").find(c) != std::string::npos) result += '\\';
    result += c;
  }
  return result;
}

std::string row_of(const std::vector<std::string>& cells) {
  std::string line = "|";
  for (const std::string& cell : cells)
    line += " " + cell + " |";
  return line + "\n";
}

std::string head_of(const std::vector<std::string>& columns) {
  std::string line = "|";
  std::vector<std::string> names;
  for (const std::string& column : columns) {
    names.push_back(plain(column));
    line += " --- |";
  }
  return row_of(names) + line + "\n";
}

std::string cell_of(const ComparedCell& cell, const Footnotes& notes) {
  const std::string ours = ours_in_words(cell);
  return plain(printed_in_words(cell)) + (ours.empty() ? "" : " · **" + plain(ours) + "**") + "<br>" +
         plain(notes.verdict(cell));
}

std::string compared(const ComparedTable& table) {
  const Footnotes notes(table);
  std::string text = "## " + plain(table.caption) + "\n\n" + plain(table.conditions) +
                     "\n\nPrinted · **ours**, and the verdict below.\n\n";
  auto columns = table.columns;
  columns.insert(columns.begin(), "");
  columns.emplace_back("measured as");
  text += head_of(columns);
  for (const ComparedRow& row : table.rows) {
    std::vector<std::string> cells{plain(row.name)};
    for (const ComparedCell& cell : row.cells)
      cells.push_back(cell_of(cell, notes));
    cells.push_back(plain(row.measured_as));
    text += row_of(cells);
  }
  for (std::size_t i = 0; i < notes.reasons().size(); ++i)
    text += (i == 0 ? "\n- " : "- ") + Footnotes::letter(i) + ": " + plain(notes.reasons()[i]) + "\n";
  return text + "\n";
}

std::string measured(const MeasuredTable& table) {
  std::string text = "## " + plain(table.caption) + "\n\n" + head_of(table.columns);
  for (const auto& row : table.rows) {
    std::vector<std::string> cells;
    for (const std::string& cell : row)
      cells.push_back(plain(cell));
    text += row_of(cells);
  }
  return text + "\n";
}

std::string claims(const Report& report) {
  if (report.claims.empty()) return "";
  std::string text = "## Claims\n\n";
  for (const Claim& claim : report.claims) {
    text += "### " + plain(claim.statement) + " — **" + to_string(claim.finding) + "**\n\n" + plain(claim.why) +
            "\n\nRule: " + plain(claim.rule) + ".\n\n";
    for (const std::string& line : claim.evidence)
      text += "- " + plain(line) + "\n";
    text += claim.evidence.empty() ? "" : "\n";
  }
  return text;
}

}  // namespace

std::string to_markdown(const Report& report) {
  std::string text = "# " + plain(report.title) + "\n\n";
  for (const std::string& note : report.notes)
    text += plain(note) + "\n\n";
  for (const Picture& picture : report.pictures)
    text += "![" + plain(picture.caption) + "](" + picture.file + ")\n\n";
  for (const ComparedTable& table : report.compared)
    text += compared(table);
  text += claims(report);
  for (const MeasuredTable& table : report.measured)
    text += measured(table);
  while (text.ends_with("\n\n"))
    text.pop_back();
  return text;
}

}  // namespace checkerlab::cli::reproduce
