// What single jobs of a point say of the conditions it was measured under. Pure and thread-safe.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "cli/reproduce/data/points.hpp"

namespace checkerlab::cli::reproduce {

struct JobFacts {
  std::string kind;
  nlohmann::json spec, hints, result;  // result: null when there is none
  std::string device;                  // of the worker that did it

  // The value of the params, else of the result's metrics; null when neither has it.
  nlohmann::json value(const char* name) const;
};

// Shape and length of training from the params of train_model, or from what the file of a given model told.
ModelShape shape_of(const JobFacts& model);
ModelFacts facts_of(const JobFacts& model, const std::string& key);

// "a metric network trained on the study's images", "inception-2015-12-05", "network 0123abcd",
// "an unknown network".
std::string network_in_words(const JobFacts& network, const std::string& sha256);

// "the study's train images", or the name of the file.
std::string reference_in_words(const JobFacts& reference);

// Data set, classes and image size.
void describe_dataset(const JobFacts& dataset, MeasuredUnder& under);

}  // namespace checkerlab::cli::reproduce
