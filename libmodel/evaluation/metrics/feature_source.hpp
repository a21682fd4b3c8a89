// Where the features of a set come from: a file of features, or images and a network.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "libmodel/checkpoint/tensor_reader.hpp"
#include "libmodel/evaluation/metrics/collector.hpp"
#include "libmodel/evaluation/set_features.hpp"

namespace checkerlab::model {

// Not thread-safe.
class FeatureSource {
 public:
  using Sink = std::function<void(std::int64_t begin, const NetworkFeatures&)>;

  virtual ~FeatureSource() = default;

  [[nodiscard]] virtual bool has_pool() const = 0;
  [[nodiscard]] virtual bool has_spatial() const = 0;
  [[nodiscard]] virtual bool has_logits() const = 0;
  [[nodiscard]] virtual std::string found() const = 0;    // what there is, for errors: "pool3, logits_nobias"
  [[nodiscard]] virtual std::int64_t size() const = 0;    // rows, at most
  [[nodiscard]] virtual std::string network() const = 0;  // SHA-256 of the network's file; empty where not known
  // The features of the first rows, `count` at most, in order. What is not needed may be left out.
  virtual void pass(const CollectorNeeds& needs, std::int64_t count, Observer& observer, const Sink& sink) = 0;
  virtual std::string sha256(Observer& observer) = 0;  // of the file, or ImageSet::sha256
  [[nodiscard]] virtual std::string note() const = 0;  // what was met in a pass and handled; may be empty
};

// The first `count` rows of a source in `blocks` blocks. Throws Error: invalid_argument where the source lacks a tensor
// that is needed (names it and those found) or has fewer rows than `count`, and what reading and collecting throw.
CollectedFeatures collect(FeatureSource& source, const CollectorNeeds& needs, std::int64_t count, std::int64_t blocks,
                          const std::string& what, c10::Device device, Observer& observer);

// A safetensors file with `pool3` [N,D], `spatial` [N,S] and the logits: `logits_nobias`, else `logits`, else
// `softmax_nobias` (probabilities), each [N,K], of any float type; as `checkerlab features` writes them. Rows are read
// as they are needed. Throws Error as read_safetensors does; invalid_data where a tensor has another shape or they
// differ in N.
std::unique_ptr<FeatureSource> open_feature_file(const std::filesystem::path& file);

// Images through a network, which must outlive the source.
std::unique_ptr<FeatureSource> image_features(std::unique_ptr<ImageSet> images, FeatureNetwork& network,
                                              const ImageSetOptions& options);

}  // namespace checkerlab::model
