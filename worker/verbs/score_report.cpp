#include "worker/verbs/score_report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/version.hpp"
#include "libmodel/evaluation/evaluator_version.hpp"

namespace checkerlab::worker {
namespace {

using Json = nlohmann::json;

Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

bool compares_balls(const model::MetricValues& values) {
  return std::any_of(values.scores.begin(), values.scores.end(),
                     [](const auto& score) { return score.first == "precision" || score.first == "density"; });
}

std::string score_text(const model::Score& score) {
  return score.uncertainty ? fmt::format("{:.6g} ± {:.2g}", score.value, *score.uncertainty)
                           : fmt::format("{:.6g}", score.value);
}

}  // namespace

Json score_json(const ScoreReport& report) {
  Json json{{"n", report.n},
            {"n_reference", report.n_reference ? Json(*report.n_reference) : Json(nullptr)},
            {"network_sha256", text_or_null(report.network_sha256)},
            {"reference_sha256", text_or_null(report.reference_sha256)},
            {"samples_sha256", text_or_null(report.samples_sha256)},
            {"evaluator_version", model::kEvaluatorVersion},
            {"code_version", version_string()}};
  if (!report.network_precision.empty()) json["network_precision"] = report.network_precision;
  for (const auto& [name, score] : report.values.scores) {
    json[name] = score.value;
    json[name + "_uncertainty"] = score.uncertainty ? Json(*score.uncertainty) : Json(nullptr);
  }
  if (!report.values.is_blocks.empty()) {
    json["inception_score_block"] = report.is_block;
    json["inception_score_blocks"] = report.values.is_blocks.size();
    json["inception_score_last_block"] = report.values.is_blocks.back();
  }
  if (compares_balls(report.values)) json["neighbours"] = report.neighbours;
  for (const auto& [stage, seconds] : report.values.seconds)
    json["seconds_" + stage] = seconds;
  return json;
}

void print_scores(std::ostream& out, const ScoreReport& report) {
  for (const auto& [name, score] : report.values.scores)
    out << fmt::format("{:<20} {}\n", name, score_text(score));
  out << fmt::format("\n{} samples", report.n);
  if (report.n_reference) out << fmt::format(" against {}", *report.n_reference);
  const auto& blocks = report.values.is_blocks;
  if (!blocks.empty())
    out << fmt::format("; inception score over {} block{} of {}, the last one of {}", blocks.size(),
                       blocks.size() == 1 ? "" : "s", blocks.front(), blocks.back());
  if (compares_balls(report.values)) out << fmt::format("; {} neighbours", report.neighbours);
  out << "\n";
  const auto identity = [&](const char* what, const std::string& hash) {
    if (!hash.empty()) out << fmt::format("{:<10} {}\n", what, hash);
  };
  identity("network", report.network_sha256);
  identity("reference", report.reference_sha256);
  identity("samples", report.samples_sha256);
  out << fmt::format("evaluator  {}, code {}\n", model::kEvaluatorVersion, version_string());
  if (report.n < model::kMinSamples)
    out << fmt::format("Below {} samples there is no uncertainty.\n", model::kMinSamples);
  else
    out << "± is one standard error (delete-a-block jackknife).\n";
}

}  // namespace checkerlab::worker
