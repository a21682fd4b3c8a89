// Guidance, temperature and the draw of one code per token in one pass, without softmax, multinomial or host
// synchronisation.
//
// logits = cond + guidance · (cond − uncond); the code is argmax(logits / temperature − ln E), E standard exponential
// noise that is a function of (seed, sample index, token, code) (the Gumbel-max trick: Gumbel 1954; Maddison et al.
// 2014); temperature 0 takes the largest logit. The lowest code wins ties. With a truncation (truncate_logits.hpp) the
// codes that it leaves out are never drawn.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "libmodel/kernels/truncate_logits.hpp"

namespace checkerlab::model {

struct DrawRequest {
  at::Tensor conditional;    // [B, n, V] fp32
  at::Tensor unconditional;  // the same, or undefined for no guidance
  double guidance = 0;
  double temperature = 1;
  Truncation truncation;
  std::uint64_t seed = 0;
  at::Tensor sample_indices;  // [B] int64
  at::Tensor token_indices;   // [n] int64, global raster indices
  bool statistics = false;
};

struct DrawnCodes {
  at::Tensor codes;  // [B, n] int64
  // With `statistics`, of the distribution p that was drawn from (at temperature 1 where the temperature is 0):
  at::Tensor entropy;      // [B, n] fp32, −Σ p·ln(p + 1e-8)
  at::Tensor probability;  // [B, n] fp32, p of the code
};

// On the device that the logits are on: the kernel on CUDA, the reference elsewhere.
DrawnCodes draw_codes(const DrawRequest& request);

// The logits that a request draws from: guided, over the temperature, truncated.
at::Tensor drawn_logits(const DrawRequest& request);

// Plain tensor operations on any device.
DrawnCodes draw_codes_reference(const DrawRequest& request);

// kernels/draw_codes.cu; all tensors on one CUDA device, on its current stream.
DrawnCodes draw_codes_cuda(const DrawRequest& request);

}  // namespace checkerlab::model
