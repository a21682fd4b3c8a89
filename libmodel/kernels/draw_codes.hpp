// Guidance, temperature and the draw of one code per token in one pass, without softmax, multinomial or host
// synchronisation.
//
// logits = cond + guidance · (cond − uncond); the code is argmax(logits / temperature − ln E), E standard exponential
// noise that is a function of (seed, sample index, token, code) (the Gumbel-max trick: Gumbel 1954; Maddison et al.
// 2014); temperature 0 takes the largest logit. The lowest code wins ties.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace checkerlab::model {

struct DrawRequest {
  at::Tensor conditional;    // [B, n, V] fp32
  at::Tensor unconditional;  // the same, or undefined for no guidance
  double guidance = 0;
  double temperature = 1;
  std::uint64_t seed = 0;
  at::Tensor sample_indices;  // [B] int64
  at::Tensor token_indices;   // [n] int64, global raster indices
  bool entropy = false;
};

struct DrawnCodes {
  at::Tensor codes;  // [B, n] int64
  at::Tensor entropy;  // [B, n] fp32, −Σ p·ln(p + 1e-8) at the temperature (at 1 where it is 0); undefined unless asked
};

// On the device that the logits are on: the kernel on CUDA, the reference elsewhere.
DrawnCodes draw_codes(const DrawRequest& request);

// Plain tensor operations on any device.
DrawnCodes draw_codes_reference(const DrawRequest& request);

// kernels/draw_codes.cu; all tensors on one CUDA device, on its current stream.
DrawnCodes draw_codes_cuda(const DrawRequest& request);

}  // namespace checkerlab::model
