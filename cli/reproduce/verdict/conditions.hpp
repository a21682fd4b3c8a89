// Under which conditions a number was measured, and in which of them it differs from a printed one. Pure, thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sweeps/published.hpp"

namespace checkerlab::cli::reproduce {

// What a model is. 0 and nothing: not known; what the file of a given model does not tell is not compared.
struct ModelShape {
  int layers = 0, width = 0, heads = 0, hidden = 0;
  int mixing_layers = -1;  // −1: not known
  std::optional<double> epochs;
  std::optional<std::int64_t> steps;
};

struct MeasuredUnder {
  std::string dataset;  // in words: "procedural shapes", "cifar10"
  bool procedural = false;
  std::int64_t classes = 0;
  std::int64_t image_size = 0;
  std::int64_t grid = 0;  // side of the largest scale in tokens
  std::string network;    // of the features, in words; equal to the printed one's name when it is that network
  std::string reference;  // likewise
  std::int64_t samples = 0;
  ModelShape model;
  std::string ratio;
  std::int64_t steps_per_scale = 0;
  double guidance = 0;
  std::int64_t guidance_start_step = 0;
  std::string device;      // of times; empty: not known
  std::int64_t batch = 0;  // of times
};

// What differs and matters for `metric`, in words with both values; empty when the numbers may be compared. A printed
// data set is taken to be ours when its classes and image size are: a paper prints no hash.
std::vector<std::string> differing_conditions(const std::string& metric, const sweeps::PublishedConditions& printed,
                                              const std::optional<sweeps::PublishedPoint>& point,
                                              const MeasuredUnder& ours);

// The shape that a preset gives.
ModelShape preset_shape(const std::string& preset);

}  // namespace checkerlab::cli::reproduce
