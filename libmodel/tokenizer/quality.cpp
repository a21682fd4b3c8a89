#include "libmodel/tokenizer/quality.hpp"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>

#include "libmodel/image/tensor.hpp"

namespace checkerlab::model {

TokenizerQuality tokenizer_quality(VqTokenizer& tokenizer, const torch::Tensor& images,
                                   const std::vector<std::int64_t>& sides, std::int64_t batch, torch::Device device,
                                   Observer& observer) {
  const torch::NoGradGuard no_grad;
  const auto largest = *std::max_element(sides.begin(), sides.end());
  const auto count = std::min(images.size(0), kQualityImages);
  auto used = torch::zeros({tokenizer->config().codes}, torch::TensorOptions(device).dtype(torch::kBool));
  double squares = 0;
  std::int64_t values = 0;
  for (std::int64_t begin = 0; begin < count; begin += batch) {
    throw_if_cancelled(observer, "the measurement of the tokenizer");
    const auto originals = normalise_pixels(images.slice(0, begin, std::min(begin + batch, count)).to(device));
    for (const auto side : sides) {
      const auto tokens = tokenizer->tokenize(originals, side);
      used.index_fill_(0, tokens.flatten(), true);
      if (side != largest) continue;
      const auto decoded = tokenizer->decode(tokens).clamp(-1, 1);
      squares += (decoded - originals).square().sum(torch::kFloat64).item<double>();
      values += originals.numel();
    }
  }
  const double error = std::max(squares / static_cast<double>(values), 1e-12);
  const double share = used.to(torch::kFloat64).mean().item<double>();
  return {10 * std::log10(4 / error), share};
}

}  // namespace checkerlab::model
