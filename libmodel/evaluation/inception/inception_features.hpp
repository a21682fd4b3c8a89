// The FID Inception as a FeatureNetwork.
#pragma once

#include <memory>
#include <string>

#include "libmodel/evaluation/feature_network.hpp"
#include "libmodel/evaluation/inception/weights.hpp"

namespace checkerlab::model {

// `sha256`: of the file that the weights came from. On the CPU there is fp32 alone (else Error(invalid_argument)).
// `tune` lets cuDNN measure its algorithms, see CudnnLayers; it has no effect on the CPU.
std::unique_ptr<FeatureNetwork> make_inception_features(const InceptionWeights& weights, std::string sha256,
                                                        c10::Device device, FeaturePrecision precision, bool tune);

}  // namespace checkerlab::model
