// The measured points of studies with everything that decides what they can be compared with.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/reproduce/data/ask.hpp"
#include "cli/reproduce/verdict/conditions.hpp"
#include "cli/results/rows.hpp"

namespace checkerlab::cli::reproduce {

// What is known of a model beside its shape.
struct ModelFacts {
  std::string key;
  bool trained = true;  // by this project, else given by a file
  std::optional<double> parameters;
  std::optional<double> images_per_second;  // of its training
  std::string device;                       // of its training
  std::int64_t batch = 0;                   // of its training
};

struct MeasuredPoint {
  std::string study, study_id;
  int total_steps = 0;
  std::string ratio_label;
  MeasuredUnder under;  // device and batch are left empty
  ModelFacts model;
  std::map<std::string, figure::Measured> metrics;
  MeasuredHow how;
  std::string score_key;
};

// In the order of `study_ids`, inside a study in the definition's. Points without any measurement are left out.
std::vector<MeasuredPoint> read_points(const Ask& ask, const std::vector<std::string>& study_ids);

// The name of the Inception network as printed numbers have it.
inline constexpr const char* kInception = "inception-2015-12-05";

}  // namespace checkerlab::cli::reproduce
