#include "libmodel/random/draws.hpp"

#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>

#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

#include "base/error.hpp"

namespace checkerlab::model {
namespace {

constexpr std::int64_t kGrain = 4096;

// Calls fill(words, first element, number of elements ≤ 4) for every group of four elements.
template <typename Fill>
void for_each_group(std::uint64_t seed, RandomDomain domain, std::uint64_t stream, std::int64_t elements,
                    const Fill& fill) {
  at::parallel_for(0, (elements + 3) / 4, kGrain, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t group = begin; group < end; ++group) {
      const PhiloxWords words = random_words(seed, domain, stream, static_cast<std::uint32_t>(group >> 32),
                                             static_cast<std::uint32_t>(group));
      const std::uint32_t list[] = {words.x, words.y, words.z, words.w};
      fill(list, 4 * group, std::min<std::int64_t>(4, elements - 4 * group));
    }
  });
}

}  // namespace

at::Tensor normal_tensor(std::uint64_t seed, RandomDomain domain, std::uint64_t stream, at::IntArrayRef shape) {
  at::Tensor result = at::empty(shape, at::kFloat);
  float* out = result.mutable_data_ptr<float>();
  for_each_group(seed, domain, stream, result.numel(),
                 [&](const std::uint32_t* words, std::int64_t at, std::int64_t count) {
                   for (std::int64_t i = 0; i < count; ++i) {
                     const float radius = std::sqrt(-2.0f * std::log(uniform_open(words[i & 2])));
                     const float angle = 2.0f * std::numbers::pi_v<float> * uniform_open(words[(i & 2) + 1]);
                     out[at + i] = radius * ((i & 1) == 0 ? std::cos(angle) : std::sin(angle));
                   }
                 });
  return result;
}

at::Tensor uniform_tensor(std::uint64_t seed, RandomDomain domain, std::uint64_t stream, at::IntArrayRef shape) {
  at::Tensor result = at::empty(shape, at::kFloat);
  float* out = result.mutable_data_ptr<float>();
  for_each_group(seed, domain, stream, result.numel(),
                 [&](const std::uint32_t* words, std::int64_t at, std::int64_t count) {
                   for (std::int64_t i = 0; i < count; ++i) {
                     out[at + i] = uniform_open(words[i]);
                   }
                 });
  return result;
}

std::vector<std::int64_t> random_permutation(std::uint64_t seed, RandomDomain domain, std::uint64_t stream,
                                             std::int64_t n) {
  if (n < 0 || n > std::int64_t{UINT32_MAX})
    throw Error(ErrorCode::invalid_argument, "cannot permute that many elements");
  std::vector<std::int64_t> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), 0);
  for (std::int64_t i = n - 1; i > 0; --i) {
    const auto word = random_words(seed, domain, stream, 0, static_cast<std::uint32_t>(i)).x;
    std::swap(order[static_cast<std::size_t>(i)], order[uniform_below(word, static_cast<std::uint32_t>(i + 1))]);
  }
  return order;
}

at::Tensor exponential_noise(std::uint64_t seed, const at::Tensor& sample_indices, const at::Tensor& token_indices,
                             std::int64_t codes) {
  const at::Tensor sample_list = sample_indices.to(at::kCPU).contiguous();
  const at::Tensor token_list = token_indices.to(at::kCPU).contiguous();
  const std::int64_t samples = sample_list.numel(), tokens = token_list.numel();
  at::Tensor noise = at::empty({samples, tokens, codes}, at::kFloat);
  float* out = noise.mutable_data_ptr<float>();
  const auto* sample = sample_list.const_data_ptr<std::int64_t>();
  const auto* token = token_list.const_data_ptr<std::int64_t>();
  at::parallel_for(0, samples * tokens, 1 + kGrain / codes, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t row = begin; row < end; ++row) {
      const auto index = static_cast<std::uint64_t>(sample[row / tokens]);
      const auto place = static_cast<std::uint32_t>(token[row % tokens]);
      for (std::int64_t code = 0; code < codes; code += 4) {
        const PhiloxWords words =
            random_words(seed, RandomDomain::sampling, index, place, static_cast<std::uint32_t>(code / 4));
        const std::uint32_t list[] = {words.x, words.y, words.z, words.w};
        for (std::int64_t i = 0; i < std::min<std::int64_t>(4, codes - code); ++i) {
          out[row * codes + code + i] = exponential_uniform(list[i]);
        }
      }
    }
  });
  return noise.neg_().log1p_().neg_();
}

}  // namespace checkerlab::model
