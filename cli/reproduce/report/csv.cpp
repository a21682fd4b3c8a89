#include <cmath>

#include "cli/reproduce/report/writers.hpp"
#include "cli/tables/table.hpp"

namespace checkerlab::cli::reproduce {
namespace {

std::string exact(double value) {
  return std::isfinite(value) ? nlohmann::json(value).dump() : "";
}

std::string joined(const std::vector<std::string>& texts) {
  std::string text;
  for (const std::string& one : texts)
    text += (text.empty() ? "" : "; ") + one;
  return text;
}

std::vector<std::string> cells_of(const ComparedTable& table, const ComparedRow& row, const ComparedCell& cell) {
  const Verdict& verdict = cell.verdict;
  const bool judged = verdict.kind == VerdictKind::agrees || verdict.kind == VerdictKind::differs;
  return {"printed",
          table.caption,
          row.name,
          cell.printed.metric,
          printed_in_words(cell),
          cell.ours ? exact(cell.ours->value) : "",
          cell.ours && cell.ours->uncertainty ? exact(*cell.ours->uncertainty) : "",
          to_string(verdict.kind),
          judged ? exact(verdict.difference) : "",
          judged && verdict.standard_error > 0 ? exact(verdict.standard_error) : "",
          joined(verdict.reasons),
          row.measured_as};
}

void add_measured(Table& table, const MeasuredTable& from) {
  for (const auto& row : from.rows) {
    for (std::size_t i = 1; i < row.size(); ++i)
      table.add_row({"measured", from.caption, row.front(), from.columns.at(i), "", row[i], "", "", "", "", "", ""});
  }
}

}  // namespace

std::string to_csv(const Report& report) {
  Table table({{"kind"},
               {"table"},
               {"row"},
               {"column"},
               {"printed"},
               {"ours"},
               {"ours_uncertainty"},
               {"verdict"},
               {"difference"},
               {"standard_error"},
               {"reasons"},
               {"measured_as"}});
  for (const ComparedTable& compared : report.compared) {
    for (const ComparedRow& row : compared.rows) {
      for (const ComparedCell& cell : row.cells)
        table.add_row(cells_of(compared, row, cell));
    }
  }
  for (const Claim& claim : report.claims)
    table.add_row({"claim", "", claim.id, "", "", "", "", to_string(claim.finding), "", "", claim.why, ""});
  for (const MeasuredTable& measured : report.measured)
    add_measured(table, measured);
  return table.to_csv();
}

}  // namespace checkerlab::cli::reproduce
