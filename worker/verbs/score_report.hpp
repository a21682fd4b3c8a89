// What `checkerlab score` prints.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "libmodel/evaluation/metrics/evaluate.hpp"

namespace checkerlab::worker {

struct ScoreReport {
  model::MetricValues values;
  std::int64_t n = 0;
  std::optional<std::int64_t> n_reference;  // none: there was no reference, or its file does not tell
  // SHA-256 of files or content; empty where there is none or it is not known.
  std::string network_sha256, reference_sha256, samples_sha256;
  std::string network_precision;  // of features that were computed here; else empty
  std::int64_t neighbours = 3, is_block = model::kInceptionBlock;
};

// One flat object. A metric that was not asked for is absent; an uncertainty that cannot be had is null, as is an
// identity that is not known.
nlohmann::json score_json(const ScoreReport& report);

// A table: a line a metric, value ± uncertainty.
void print_scores(std::ostream& out, const ScoreReport& report);

}  // namespace checkerlab::worker
