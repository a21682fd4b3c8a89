#include "cli/reproduce/items/compare.hpp"
#include "cli/reproduce/items/inputs.hpp"

namespace checkerlab::cli::reproduce {

Report make_table1(const Inputs& inputs) {
  const auto& table = sweeps::published_table(inputs.published, "table1");
  check_rows(table, inputs.scores);
  const auto ids = ids_of(inputs.studies);
  Report report{.item = "table1", .title = "Table 1: " + table.caption};
  const Measured measured{read_points(inputs.ask, ids), read_latencies(inputs.ask, ids), inputs.scores};
  if (measured.points.empty())
    report.notes.push_back(nothing_measured(inputs, "measured points", "table1-2x") +
                           " The rows of 4x come from sweeps/paper/table1-4x.yaml.");
  report.notes.emplace_back(
      "Each row stands beside the measured point that differs from it in the fewest conditions. Verdicts: agrees "
      "within two "
      "standard errors of the difference; printed numbers have none of their own, docs/reproducing-the-paper.md says "
      "what "
      "is assumed.");
  report.compared.push_back(compare(table, measured, how_to_run("table1-2x") + " and table1-4x.yaml"));
  report.pictures.push_back({"table1.svg", plot::dot_plot_svg(fid_plot(report.compared.front(), report.title)),
                             "FID of every row, printed and measured"});
  return report;
}

}  // namespace checkerlab::cli::reproduce
