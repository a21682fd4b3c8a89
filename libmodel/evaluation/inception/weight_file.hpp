// Files that hold the weights of the FID Inception.
#pragma once

#include <filesystem>

#include "libmodel/evaluation/inception/weights.hpp"

namespace checkerlab::model {

enum class NetworkFileKind {
  torch,        // a dict of tensors written by torch.save, in either format
  script,       // a TorchScript archive
  graph,        // TensorFlow's GraphDef
  safetensors,  // of this network or of a metric network
};

// By the file's first bytes. Throws Error: not_found, io_error, too_large (above 1 GiB), invalid_data for any other
// file (naming what is accepted).
NetworkFileKind network_file_kind(const std::filesystem::path& file);

// Throws Error naming the file: what network_file_kind throws, and invalid_data (broken, or tensors that are missing,
// of another shape or unknown: all of them), not_finite.
InceptionWeights read_inception_weights(const std::filesystem::path& file);

}  // namespace checkerlab::model
