// Draws token pyramids from a model, block by block with a key/value cache, with classifier-free guidance.
//
// The token at (sample index, location) is a function of (weights, label, seed, sample index, location) and of the
// settings, never of the batch it was drawn in. Guidance follows the paper: logits = cond + guidance · (cond − uncond),
// 0 means none; the first `guidance_start_step` steps (blocks over all scales) use the conditional logits.
//
// A sampler holds copies of the weights in its precision on its device; sample() may be called again and again, from
// one thread.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "libmodel/device.hpp"
#include "libmodel/observer.hpp"
#include "libmodel/transformer/model.hpp"

namespace checkerlab::model {

struct SamplingSettings {
  std::int64_t steps_per_scale = 1;
  double guidance = 0;  // ≥ 0 in the paper's convention
  std::int64_t guidance_start_step = 0;
  double temperature = 1;  // 0: the most likely code
  std::uint64_t seed = 0;
  bool record_entropy = false;
};

struct SampleBatch {
  std::vector<at::Tensor> tokens;   // per scale [B, S, S] int64 on the sampler's device
  std::vector<at::Tensor> entropy;  // per scale [B, S, S] fp32: −Σ p·ln(p + 1e-8) after guidance and temperature (1
                                    // where the temperature is 0); empty unless recorded
  std::int64_t total_steps = 0;
};

class Sampler {
 public:
  Sampler(const Model& model, c10::Device device, Precision precision);
  ~Sampler();
  Sampler(Sampler&&) noexcept;
  Sampler& operator=(Sampler&&) noexcept;

  const ModelConfig& config() const;

  // labels [B] int64 in 0 … classes, sample_indices [B] int64 ≥ 0 (any device). Polls the observer's cancelled() at
  // every block. Throws Error(ErrorCode::invalid_argument) for settings that cannot be, Error(ErrorCode::not_finite)
  // for broken logits.
  SampleBatch sample(const at::Tensor& labels, const at::Tensor& sample_indices, const SamplingSettings& settings,
                     Observer& observer);

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

// Label of sample i: i mod classes. [count] int64 for sample indices begin … begin + count − 1.
at::Tensor round_robin_labels(std::int64_t begin, std::int64_t count, int classes);

}  // namespace checkerlab::model
