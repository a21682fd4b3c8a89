// Draws token pyramids from a model, block by block with a key/value cache, with classifier-free guidance.
//
// The token at (sample index, location) is a function of (weights, label, seed, sample index, location) and of the
// settings, never of the batch it was drawn in or of the other samples there. Guidance follows the paper: logits = cond
// + guidance · (cond − uncond), 0 means none (what others call a scale of 2.5 is 1.5 here); the first
// `guidance_start_step` steps (blocks over all scales) use the conditional logits.
//
// A sampler holds copies of the weights in its precision on its device; sample() may be called again and again, from
// one thread.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "libmodel/device.hpp"
#include "libmodel/kernels/truncate_logits.hpp"
#include "libmodel/observer.hpp"
#include "libmodel/order/scan_order.hpp"
#include "libmodel/transformer/model.hpp"

namespace checkerlab::model {

struct SamplingSettings {
  std::int64_t steps_per_scale = 1;  // up to the tokens of the largest scale; smaller scales take what they have
  std::vector<std::int64_t> steps_of_scales;  // one number a scale instead; empty: steps_per_scale
  double guidance = 0;                        // ≥ 0 in the paper's convention
  std::int64_t guidance_start_step = 0;
  double temperature = 1;  // 0: the most likely code
  Truncation truncation;
  std::uint64_t seed = 0;
  ScanOrder order = ScanOrder::checkerboard;  // any other is not what the model was trained in
  bool record_entropy = false;                // and the probabilities of the codes
};

struct SampleBatch {
  std::vector<at::Tensor> tokens;  // per scale [B, S, S] int64 on the sampler's device
  // Per scale [B, S, S] fp32, empty unless recorded; p is the distribution that was drawn from, after guidance,
  // temperature (1 where it is 0) and truncation.
  std::vector<at::Tensor> entropy;      // −Σ p·ln(p + 1e-8)
  std::vector<at::Tensor> probability;  // p of the chosen code
  std::vector<at::Tensor> steps;        // per scale [S, S] int64 on the CPU: the step in which a location was predicted
  std::vector<std::int64_t> blocks;     // tokens of each step
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
