#include "cli/reproduce/data/scores.hpp"

#include <array>
#include <cmath>

#include "cli/reproduce/data/jobs.hpp"
#include "rpc/fields.hpp"

namespace checkerlab::cli::reproduce {
namespace {

constexpr std::array kMetrics{"fid", "inception_score", "precision", "recall"};

std::optional<double> uncertainty_of(const rpc::Fields& fields, const std::string& metric) {
  const std::string name = metric + "_uncertainty";
  return fields.has(name) ? std::optional(fields.number(name)) : std::nullopt;
}

}  // namespace

GivenScore read_score(const std::string& row, const std::string& file, std::string_view text) {
  const auto json = rpc::parse_json(text, file);
  const rpc::Fields fields(json, file);
  GivenScore score{.row = row, .file = file, .metrics = {}, .under = {}};
  for (const std::string metric : kMetrics) {
    if (!fields.has(metric)) continue;
    const double value = fields.number(metric);
    if (!std::isfinite(value)) rpc::refuse_field(fields.path_of(metric), "is not finite");
    score.metrics[metric] = {value, uncertainty_of(fields, metric)};
  }
  if (score.metrics.empty())
    rpc::refuse_field(file,
                      "holds none of fid, inception_score, precision and recall; write it with `checkerlab score "
                      "… --json`");
  score.under.samples = fields.integer("n", 1);
  const JobFacts unknown;
  score.under.network = network_in_words(unknown, fields.text_or("network_sha256", ""));
  score.under.reference = fields.text_or("reference_sha256", "");
  return score;
}

}  // namespace checkerlab::cli::reproduce
