// The features of all images of a set, in its order.
#pragma once

#include <functional>
#include <string>

#include "libmodel/evaluation/feature_network.hpp"
#include "libmodel/evaluation/image_set.hpp"

namespace checkerlab::model {

// Takes the features of the images that follow, on the CPU.
using FeatureSink = std::function<void(const NetworkFeatures&)>;

// What a pass over a set met.
struct SetPass {
  ImageCounts counts;
  std::string names_sha256;   // of the names of the images that features came from, in order, each with a line end
  std::string images_sha256;  // ImageSet::sha256
};

// Reads the set, hands features to `sink` in order, several batches at a time on a CUDA device (whose network overlaps
// them) and else at most one, and tells `observer` how many of the set's images are done. Images are read and decoded
// ahead meanwhile; memory does not grow with their number. Throws Error: what reading and the network throw;
// invalid_argument naming the image where sizes are mixed and the network does not resize; invalid_data where every
// image is corrupt; what `sink` throws.
SetPass compute_set_features(ImageSet& images, FeatureNetwork& network, const ImageSetOptions& options,
                             Observer& observer, const FeatureSink& sink);

}  // namespace checkerlab::model
