// A metric network as a FeatureNetwork.
#pragma once

#include <memory>
#include <string>

#include "libmodel/evaluation/feature_network.hpp"
#include "libmodel/evaluation/metric_network.hpp"

namespace checkerlab::model {

// Moves the network to `device`; it must be in evaluation mode. Its logits keep their bias, as in every score of a
// metric network; it has no spatial features and takes images of the size that it was trained on.
std::unique_ptr<FeatureNetwork> make_metric_features(MetricNetwork network, std::string sha256, c10::Device device);

}  // namespace checkerlab::model
