#include "libmodel/kernels/draw_codes.hpp"

#include <ATen/ATen.h>

#include "libmodel/random/draws.hpp"

namespace checkerlab::model {
namespace {

at::Tensor guided_logits(const DrawRequest& request) {
  if (!request.unconditional.defined()) return request.conditional;
  return request.conditional + request.guidance * (request.conditional - request.unconditional);
}

}  // namespace

DrawnCodes draw_codes_reference(const DrawRequest& request) {
  const at::Tensor logits = guided_logits(request);
  const bool greedy = request.temperature == 0;
  const at::Tensor scaled = greedy ? logits : logits / request.temperature;
  DrawnCodes drawn;
  if (request.entropy) {
    const at::Tensor p = scaled.softmax(-1);
    drawn.entropy = (p * (p + 1e-8).log()).sum(-1).neg();
  }
  if (greedy) {
    drawn.codes = scaled.argmax(-1);
    return drawn;
  }
  const at::Tensor noise =
      exponential_noise(request.seed, request.sample_indices, request.token_indices, logits.size(-1))
          .to(logits.device());
  drawn.codes = (scaled - noise.log_()).argmax(-1);
  return drawn;
}

DrawnCodes draw_codes(const DrawRequest& request) {
  return request.conditional.is_cuda() ? draw_codes_cuda(request) : draw_codes_reference(request);
}

}  // namespace checkerlab::model
