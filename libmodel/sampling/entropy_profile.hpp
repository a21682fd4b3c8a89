// How uncertain a model is in each step of sampling (Figure 6 of the progressive checkerboards paper): the entropy −Σ p
// ln(p + 1e-8), in nats, of the distribution that each token was drawn from, gathered over many samples. Within a scale
// it should fall from step to step, since later tokens see more; at the start of the next, finer scale it jumps.
//
// Holds one fp32 number a token and sample (1.4 kB a sample at 341 tokens). Not thread-safe.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "libmodel/sampling/sampler.hpp"

namespace checkerlab::model {

struct EntropyStep {
  std::int64_t step = 0;                                                // over all scales, from 0
  std::int64_t side = 0;                                                // of the scale it belongs to
  std::int64_t tokens = 0;                                              // predicted in this step, of one sample
  double mean = 0, lower_quartile = 0, median = 0, upper_quartile = 0;  // over all samples and tokens, nats
};

class EntropyProfile {
 public:
  // A batch that was drawn with `record_entropy`; all batches with the same settings. Throws Error(invalid_argument)
  // when it holds no entropies or its steps are not those of the batches before.
  void add(const SampleBatch& batch);

  std::int64_t samples() const { return samples_; }

  // Ascending by step. Quartiles interpolate linearly between order statistics. Empty before the first batch.
  std::vector<EntropyStep> steps() const;

 private:
  std::vector<at::Tensor> step_maps_;            // per scale [S, S]
  std::vector<std::vector<at::Tensor>> values_;  // per scale, per batch [B, S, S] on the CPU
  std::int64_t samples_ = 0;
};

}  // namespace checkerlab::model
