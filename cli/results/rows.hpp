// The measured points of a study's figure as typed rows with their identity. Pure and thread-safe.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/figure/figure.hpp"

namespace checkerlab::cli {

// How a number was measured; numbers of different ways are never mixed.
struct MeasuredHow {
  long long seed = 0;
  std::string network_sha256;
  std::string reference_sha256;
  std::string evaluator_version;
  std::string code_version;
  std::string precision;

  auto operator<=>(const MeasuredHow&) const = default;
};

struct ResultRow {
  std::string ratio;
  std::string label;  // of the ratio, for people
  figure::Point point;
  MeasuredHow how;
};

// All rows of the document of GET /studies/{id}/figure, in its order. Throws Error(invalid_data) for another shape.
std::vector<ResultRow> result_rows(const nlohmann::json& figure);

// The distinct ways in `rows`, in order of appearance.
std::vector<MeasuredHow> distinct_ways(const std::vector<ResultRow>& rows);

// "seed 0, feature network 0123abcd, reference 4567cdef, evaluator 1, code 0.1.0, fp32".
std::string describe(const MeasuredHow& how);

// "(a)", "(b)", … for the ways of one study.
std::string way_mark(std::size_t index);

}  // namespace checkerlab::cli
