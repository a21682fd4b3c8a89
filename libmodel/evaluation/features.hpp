#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>

#include "libmodel/evaluation/metric_network.hpp"
#include "libmodel/observer.hpp"

namespace checkerlab::model {

// What the metrics need of each image. Both on the CPU.
struct ImageFeatures {
  torch::Tensor features;           // fp32 [N,D]
  torch::Tensor log_probabilities;  // fp32 [N,K], log-softmax of the logits
};

// What the network says of uint8 images [N,H,W,3] on any device, in fp32 without TF32, `batch` images at a time on
// `device` (where the network lives); on the CPU. An image's features do not depend on the batch beyond fp32 rounding
// (1e-4 at most). `done` hears after each batch of the images that lie behind.
MetricOutputs metric_outputs(MetricNetwork& network, const torch::Tensor& pixels, std::int64_t batch,
                             torch::Device device, Observer& observer,
                             const std::function<void(std::int64_t)>& done = {});

// The same with log-probabilities in place of logits.
ImageFeatures compute_features(MetricNetwork& network, const torch::Tensor& pixels, std::int64_t batch,
                               torch::Device device, Observer& observer);

}  // namespace checkerlab::model
