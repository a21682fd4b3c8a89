// How much a job computes and leaves on disk, counted from specs alone. Pure.
//
// Counts are FLOP = 2 × multiply-adds of the layers that weigh: enough to carry a measured speed over to a job of
// another size, not to predict one from a device's peak. Sources: the layers' shapes; for the feature network of 2015
// its published 11.4 GFLOP an image of 299×299.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "sweeps/definition.hpp"

namespace checkerlab::sweeps {

struct JobWork {
  double units = 0;      // images; calls of measure_latency; points of score_point
  double gflop = 0;      // of one unit; megapixels of an image for import_dataset
  double megabytes = 0;  // of the artifacts
};

// What specs do not say, because it lies in files.
struct Assumed {
  std::int64_t images = 0;  // training images of a data set of files; 0: not known
  ModelDefinition model;    // of models that are given
};

// The spec of the job with this key, or null. Must stay valid while it is used. The params of an import of files may
// say images_train, as those of procedural images do.
using SpecOf = std::function<const nlohmann::json*(const std::string& key)>;

// Units are 0 for work that is too little to count (import_file, measure_mixing), and nothing when a number is not
// known.
std::optional<JobWork> work_of(const nlohmann::json& spec, const SpecOf& spec_of, const Assumed& assumed);

}  // namespace checkerlab::sweeps
