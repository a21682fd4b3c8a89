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

at::Tensor drawn_logits(const DrawRequest& request) {
  const at::Tensor logits = guided_logits(request);
  const bool greedy = request.temperature == 0;
  return truncate_logits(greedy ? logits : logits / request.temperature, request.truncation);
}

DrawnCodes draw_codes_reference(const DrawRequest& request) {
  const at::Tensor logits = drawn_logits(request);
  DrawnCodes drawn;
  if (request.temperature == 0) {
    drawn.codes = logits.argmax(-1);
  } else {
    const at::Tensor noise =
        exponential_noise(request.seed, request.sample_indices, request.token_indices, logits.size(-1))
            .to(logits.device());
    drawn.codes = (logits - noise.log_()).argmax(-1);
  }
  if (request.statistics) {
    const at::Tensor p = logits.softmax(-1);
    drawn.entropy = (p * (p + 1e-8).log()).sum(-1).neg();
    drawn.probability = p.gather(-1, drawn.codes.unsqueeze(-1)).squeeze(-1);
  }
  return drawn;
}

DrawnCodes draw_codes(const DrawRequest& request) {
  return request.conditional.is_cuda() ? draw_codes_cuda(request) : draw_codes_reference(request);
}

}  // namespace checkerlab::model
