#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "libmodel/data/dataset.hpp"
#include "libmodel/evaluation/metric_network.hpp"
#include "libmodel/observer.hpp"

namespace checkerlab::model {

struct MetricTraining {
  std::int64_t steps = 0;
  std::int64_t batch = 0;
  double lr = 0;
  std::uint64_t seed = 0;
};

struct MetricReport {
  double test_accuracy = 0;
  double final_loss = 0;  // mean over the last 20 steps
  double seconds = 0;
};

// Trains the classifier on the training split (AdamW, linear warm-up, cosine decay, random mirroring), measures it on
// the test split. Weights start from (seed); every draw is a function of (seed, step), so resuming changes nothing.
// `resume`: a checkpoint the observer was given by an earlier call. Leaves the network in evaluation mode on `device`.
// Throws Error on cancellation, settings out of range, or a loss that is not finite.
MetricReport train_metric_network(MetricNetwork& network, const Dataset& dataset, const MetricTraining& training,
                                  torch::Device device, Observer& observer,
                                  const std::optional<std::filesystem::path>& resume);

}  // namespace checkerlab::model
