#include <algorithm>

#include "base/plot/svg.hpp"
#include "cli/reproduce/report/base64.hpp"
#include "cli/reproduce/report/writers.hpp"

namespace checkerlab::cli::reproduce {
namespace {

using plot::escaped;

constexpr const char* kStyle =
    ":root{color-scheme:light "
    "dark;--paper:#fff;--ink:#1f2328;--muted:#59636e;--rule:#d1d9e0;--good:#1a7f37;--bad:#b3261e}"
    "@media(prefers-color-scheme:dark){:root{--paper:#0d1117;--ink:#e6edf3;--muted:#9aa5b1;--rule:#3d444d;--good:#"
    "4ac26b;"
    "--bad:#ff8f85}}"
    "body{background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,-apple-system,'Segoe UI','Liberation "
    "Sans',Arial,sans-serif;max-width:1080px;margin:2rem auto;padding:0 1rem}"
    "h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}h3{font-size:1rem;margin-bottom:.2rem}"
    ".scroll{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums}"
    "th,td{border-bottom:1px solid var(--rule);padding:.35rem .6rem;text-align:left;vertical-align:top}"
    "th{font-weight:600}td "
    "small,.muted{color:var(--muted)}.agrees,.holds{color:var(--good)}.differs,.does-not-hold{color:"
    "var(--bad)}figure{margin:1.5rem 0}figure svg,figure img{max-width:100%;height:auto}";

// SVG documents share one page: their ids get a prefix each.
std::string with_own_ids(const std::string& svg, const std::string& prefix) {
  std::string result;
  for (std::size_t at = 0; at < svg.size();) {
    const auto id = svg.find(" id=\"", at), label = svg.find(" aria-labelledby=\"", at);
    const auto next = std::min(id, label);
    if (next == std::string::npos) return result + svg.substr(at);
    const auto start = svg.find('"', next) + 1, end = svg.find('"', start);
    result += svg.substr(at, start - at) + prefix;
    for (const char c : svg.substr(start, end - start))
      result += c == ' ' ? " " + prefix : std::string(1, c);
    at = end;
  }
  return result;
}

std::string paragraph(const std::string& text, const char* css_class = "") {
  const std::string attribute = *css_class ? std::string(" class=\"") + css_class + "\"" : "";
  return text.empty() ? "" : "<p" + attribute + ">" + escaped(text) + "</p>\n";
}

std::string head_row(const std::vector<std::string>& columns) {
  std::string html = "<thead><tr>";
  for (const std::string& column : columns)
    html += "<th scope=\"col\">" + escaped(column) + "</th>";
  return html + "</tr></thead>\n<tbody>\n";
}

std::string css_name(std::string text) {
  for (char& c : text)
    c = c == ' ' ? '-' : c;
  return text;
}

std::string cell_html(const ComparedCell& cell, const Footnotes& notes) {
  const std::string ours = ours_in_words(cell);
  return "<td title=\"" + escaped(cell.column + ": " + in_words(cell.verdict, cell.printed.decimals)) + "\">" +
         escaped(printed_in_words(cell)) + (ours.empty() ? "" : " · <strong>" + escaped(ours) + "</strong>") +
         "<br><small class=\"" + css_name(to_string(cell.verdict.kind)) + "\">" + escaped(notes.verdict(cell)) +
         "</small></td>";
}

std::string compared(const ComparedTable& table) {
  const Footnotes notes(table);
  auto columns = table.columns;
  columns.insert(columns.begin(), "");
  columns.emplace_back("measured as");
  std::string html = "<h2>" + escaped(table.caption) + "</h2>\n" + paragraph(table.conditions, "muted") +
                     "<p>Printed · <strong>ours</strong>, and the verdict below.</p>\n<div class=\"scroll\"><table>" +
                     head_row(columns);
  for (const ComparedRow& row : table.rows) {
    html += "<tr><th scope=\"row\">" + escaped(row.name) + "</th>";
    for (const ComparedCell& cell : row.cells)
      html += cell_html(cell, notes);
    html += "<td><small>" + escaped(row.measured_as) + "</small></td></tr>\n";
  }
  html += "</tbody></table></div>\n";
  if (notes.reasons().empty()) return html;
  html += "<ol type=\"a\">\n";
  for (const std::string& reason : notes.reasons())
    html += "<li>" + escaped(reason) + "</li>\n";
  return html + "</ol>\n";
}

std::string measured(const MeasuredTable& table) {
  std::string html = "<h2>" + escaped(table.caption) + "</h2>\n<div class=\"scroll\"><table>" + head_row(table.columns);
  for (const auto& row : table.rows) {
    html += "<tr>";
    for (const std::string& cell : row)
      html += "<td>" + escaped(cell) + "</td>";
    html += "</tr>\n";
  }
  return html + "</tbody></table></div>\n";
}

std::string claim_html(const Claim& claim) {
  std::string html = "<h3>" + escaped(claim.statement) + " — <span class=\"" + css_name(to_string(claim.finding)) +
                     "\">" + to_string(claim.finding) + "</span></h3>\n" + paragraph(claim.why) +
                     paragraph("Rule: " + claim.rule + ".", "muted");
  if (claim.evidence.empty()) return html;
  html += "<ul>\n";
  for (const std::string& line : claim.evidence)
    html += "<li>" + escaped(line) + "</li>\n";
  return html + "</ul>\n";
}

std::string picture_html(const Picture& picture, std::size_t index) {
  const bool svg = picture.file.ends_with(".svg");
  const std::string shown = svg ? with_own_ids(picture.content, "p" + std::to_string(index) + "-")
                                : "<img alt=\"" + escaped(picture.caption) + "\" src=\"data:image/png;base64," +
                                      base64(picture.content) + "\">";
  return "<figure>" + shown + "<figcaption class=\"muted\">" + escaped(picture.caption) + "</figcaption></figure>\n";
}

}  // namespace

std::string to_html(const Report& report) {
  std::string html =
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
      "content=\"width=device-width, initial-scale=1\">\n<title>" +
      escaped(report.title) + "</title>\n<style>" + kStyle + "</style>\n</head>\n<body>\n<main>\n<h1>" +
      escaped(report.title) + "</h1>\n";
  for (const std::string& note : report.notes)
    html += paragraph(note);
  for (std::size_t i = 0; i < report.pictures.size(); ++i)
    html += picture_html(report.pictures[i], i);
  for (const ComparedTable& table : report.compared)
    html += compared(table);
  if (!report.claims.empty()) html += "<h2>Claims</h2>\n";
  for (const Claim& claim : report.claims)
    html += claim_html(claim);
  for (const MeasuredTable& table : report.measured)
    html += measured(table);
  return html + "</main>\n</body>\n</html>\n";
}

}  // namespace checkerlab::cli::reproduce
