// One thread block per token: every thread walks over its codes in groups of four (one Philox call each), then the
// block finds the best score and, when asked, the statistics. Logits are read once, three times with the statistics. A
// truncation is made beforehand by sorting (truncate_logits).
// draw_codes_reference is the specification; results differ from it only where two scores differ by rounding.
#include <ATen/core/Tensor.h>
#include <ATen/cuda/CUDAContext.h>
#include <ATen/ops/empty.h>
#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAGuard.h>

#include <cmath>

#include "libmodel/kernels/draw_codes.hpp"
#include "libmodel/random/philox.hpp"

namespace checkerlab::model {
namespace {

constexpr int kThreads = 256;
constexpr int kWarps = kThreads / 32;

struct DrawArguments {
  const float* conditional;
  const float* unconditional;  // null for no guidance
  const std::int64_t* samples;
  const std::int64_t* tokens;
  std::int64_t* codes;
  float* entropy;  // null unless asked, both
  float* probability;
  std::int64_t token_count;
  std::int64_t code_count;
  std::uint64_t seed;
  float guidance;
  float inverse_temperature;
  bool greedy;
};

struct Best {
  float score;
  std::int64_t code;
};

__device__ Best better(Best a, Best b) {
  const bool second = b.score > a.score || (b.score == a.score && b.code < a.code);
  return second ? b : a;
}

__device__ Best block_best(Best mine) {
  __shared__ Best shared[kWarps];
  for (int offset = 16; offset > 0; offset /= 2) {
    const Best other{__shfl_down_sync(~0u, mine.score, offset), __shfl_down_sync(~0u, mine.code, offset)};
    mine = better(mine, other);
  }
  __syncthreads();
  if (threadIdx.x % 32 == 0) shared[threadIdx.x / 32] = mine;
  __syncthreads();
  Best best = shared[0];
  for (int i = 1; i < kWarps; ++i) {
    best = better(best, shared[i]);
  }
  return best;
}

__device__ float block_sum(float mine) {
  __shared__ float shared[kWarps];
  for (int offset = 16; offset > 0; offset /= 2) {
    mine += __shfl_down_sync(~0u, mine, offset);
  }
  __syncthreads();
  if (threadIdx.x % 32 == 0) shared[threadIdx.x / 32] = mine;
  __syncthreads();
  float sum = 0;
  for (int i = 0; i < kWarps; ++i) {
    sum += shared[i];
  }
  return sum;
}

// The guided logit of a code over the temperature.
__device__ float scaled_logit(const DrawArguments& a, std::int64_t row, std::int64_t code) {
  const std::int64_t at = row * a.code_count + code;
  float logit = a.conditional[at];
  if (a.unconditional != nullptr) logit += a.guidance * (logit - a.unconditional[at]);
  return logit * a.inverse_temperature;
}

struct Statistics {
  float entropy, probability;
};

__device__ Statistics token_statistics(const DrawArguments& a, std::int64_t row, float largest, std::int64_t chosen) {
  float sum = 0;
  for (std::int64_t code = threadIdx.x; code < a.code_count; code += kThreads) {
    sum += expf(scaled_logit(a, row, code) - largest);
  }
  const float inverse = 1.0f / block_sum(sum);
  float entropy = 0;
  for (std::int64_t code = threadIdx.x; code < a.code_count; code += kThreads) {
    const float p = expf(scaled_logit(a, row, code) - largest) * inverse;
    entropy -= p * logf(p + 1e-8f);
  }
  return {block_sum(entropy), expf(scaled_logit(a, row, chosen) - largest) * inverse};
}

__global__ void draw_codes_kernel(DrawArguments a) {
  const std::int64_t row = blockIdx.x;
  const auto sample = static_cast<std::uint64_t>(a.samples[row / a.token_count]);
  const auto token = static_cast<std::uint32_t>(a.tokens[row % a.token_count]);
  Best best{-INFINITY, 0};
  float largest = -INFINITY;
  for (std::int64_t first = 4 * std::int64_t{threadIdx.x}; first < a.code_count; first += 4 * kThreads) {
    const PhiloxWords words =
        random_words(a.seed, RandomDomain::sampling, sample, token, static_cast<std::uint32_t>(first / 4));
    const std::uint32_t list[] = {words.x, words.y, words.z, words.w};
    for (int i = 0; i < 4 && first + i < a.code_count; ++i) {
      const float logit = scaled_logit(a, row, first + i);
      const float noise = a.greedy ? 0.0f : logf(-log1pf(-exponential_uniform(list[i])));
      best = better(best, {logit - noise, first + i});
      largest = fmaxf(largest, logit);
    }
  }
  best = block_best(best);
  if (threadIdx.x == 0) a.codes[row] = best.code;
  if (a.entropy == nullptr) return;
  const Statistics statistics = token_statistics(a, row, block_best({largest, 0}).score, best.code);
  if (threadIdx.x != 0) return;
  a.entropy[row] = statistics.entropy;
  a.probability[row] = statistics.probability;
}

}  // namespace

DrawnCodes draw_codes_cuda(const DrawRequest& asked) {
  const c10::cuda::CUDAGuard guard(asked.conditional.device());
  DrawRequest request = asked;
  if (asked.truncation.cuts(asked.conditional.size(-1))) {
    request.conditional = drawn_logits(asked);
    request.unconditional = at::Tensor();
    if (asked.temperature != 0) request.temperature = 1;
  }
  const at::Tensor conditional = request.conditional.contiguous();
  const at::Tensor unconditional = request.unconditional.defined() ? request.unconditional.contiguous() : at::Tensor();
  const at::Tensor samples = request.sample_indices.contiguous(), tokens = request.token_indices.contiguous();
  const std::int64_t batch = conditional.size(0), count = conditional.size(1);
  DrawnCodes drawn;
  drawn.codes = at::empty({batch, count}, samples.options());
  if (request.statistics) {
    drawn.entropy = at::empty({batch, count}, conditional.options());
    drawn.probability = at::empty({batch, count}, conditional.options());
  }
  const bool greedy = request.temperature == 0;
  const DrawArguments arguments{
      .conditional = conditional.const_data_ptr<float>(),
      .unconditional = unconditional.defined() ? unconditional.const_data_ptr<float>() : nullptr,
      .samples = samples.const_data_ptr<std::int64_t>(),
      .tokens = tokens.const_data_ptr<std::int64_t>(),
      .codes = drawn.codes.mutable_data_ptr<std::int64_t>(),
      .entropy = request.statistics ? drawn.entropy.mutable_data_ptr<float>() : nullptr,
      .probability = request.statistics ? drawn.probability.mutable_data_ptr<float>() : nullptr,
      .token_count = count,
      .code_count = conditional.size(2),
      .seed = request.seed,
      .guidance = static_cast<float>(request.guidance),
      .inverse_temperature = greedy ? 1.0f : static_cast<float>(1.0 / request.temperature),
      .greedy = greedy};
  draw_codes_kernel<<<static_cast<unsigned>(batch * count), kThreads, 0, at::cuda::getCurrentCUDAStream()>>>(arguments);
  C10_CUDA_KERNEL_LAUNCH_CHECK();
  return drawn;
}

}  // namespace checkerlab::model
