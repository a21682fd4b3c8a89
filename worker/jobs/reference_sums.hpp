// What a reference is kept as: moments of its features, and the features themselves where a metric compares rows.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "libmodel/evaluation/feature_network.hpp"
#include "libmodel/evaluation/sufficient_statistics.hpp"
#include "worker/jobs/model_job.hpp"

namespace checkerlab::worker {

struct ReferenceNeeds {
  bool features = false;  // of the single images
  bool spatial = false;   // the moments of the spatial features too
};

// Gathers the features of a reference's images as they come.
class ReferenceSums {
 public:
  explicit ReferenceSums(ReferenceNeeds needs) : needs_(needs) {}

  void add(const model::NetworkFeatures& found);

  // Published moments take the place of gathered ones. `count` images are behind them; 0: the file does not tell.
  void take_pool(const model::Moments& moments, std::int64_t count);
  void take_spatial(const model::Moments& moments, std::int64_t count);

  // Artifacts `statistics`, `spatial_statistics` and `features` (safetensors: pool [N,D]). Throws Error(invalid_data)
  // that names what the reference lacks.
  JobOutput write(const JobCall& call) const;

 private:
  ReferenceNeeds needs_;
  bool published_pool_ = false, published_spatial_ = false;
  std::optional<model::SufficientStatistics> pool_, spatial_;
  std::vector<at::Tensor> rows_;
};

// Statistics with exactly these moments up to rounding, as of `count` vectors (2 where it is less).
model::SufficientStatistics statistics_with(const model::Moments& moments, std::int64_t count);

}  // namespace checkerlab::worker
