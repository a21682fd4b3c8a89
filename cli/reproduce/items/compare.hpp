// A printed table beside what was measured. Pure and thread-safe.
#pragma once

#include <string>
#include <vector>

#include "base/plot/dot_plot.hpp"
#include "cli/reproduce/data/extras.hpp"
#include "cli/reproduce/data/points.hpp"
#include "cli/reproduce/data/scores.hpp"
#include "cli/reproduce/report/report.hpp"
#include "sweeps/published.hpp"

namespace checkerlab::cli::reproduce {

struct Measured {
  std::vector<MeasuredPoint> points;
  std::vector<Latency> latencies;
  std::vector<GivenScore> scores;
};

// Every cell with its verdict. A row with a point takes its best match; any row takes the score that is given for it,
// which wins. `to_run`: what a row of ours without data is told to run.
ComparedTable compare(const sweeps::PublishedTable& table, const Measured& measured, const std::string& to_run);

// The FID column as a picture: printed and measured, row by row.
plot::DotPlot fid_plot(const ComparedTable& table, const std::string& title);

// Throws Error(not_found) when a score is given for a row that the table does not have.
void check_rows(const sweeps::PublishedTable& table, const std::vector<GivenScore>& scores);

}  // namespace checkerlab::cli::reproduce
