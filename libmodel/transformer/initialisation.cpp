// Start values; see model facts in the header weights.hpp.
#include <ATen/ops/empty.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>

#include <cmath>
#include <numbers>
#include <string_view>

#include "libmodel/random/draws.hpp"
#include "libmodel/transformer/weights.hpp"

namespace checkerlab::model {
namespace {

constexpr double kTransformerDeviation = 0.02;

// FNV-1a of the parameter's name: the stream it draws from.
std::uint64_t stream_of(std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char letter : name) {
    hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001b3ULL;
  }
  return hash >> 8;
}

std::int64_t fan_in(std::string_view name, const ModelConfig& config) {
  if (name.find("_mlp.net.0") != std::string_view::npos) return config.code_dim;
  if (name.find("_mlp.net.") != std::string_view::npos) return config.code_hidden();
  if (name.starts_with("src_latents_proj")) return config.width;
  return 4 * std::int64_t{config.width};  // combine_inputs
}

at::Tensor start_value(const ModelConfig& config, const std::string& name, const std::vector<std::int64_t>& shape,
                       std::uint64_t seed) {
  const auto normal = [&] { return normal_tensor(seed, RandomDomain::initialisation, stream_of(name), shape); };
  if (name == "class_embeddings.weight" || name == "embed_positions.weight") return normal();
  if (name.starts_with("empty_token") || name.starts_with("lm_head") || name.ends_with("mixing_coeffs"))
    return at::zeros(shape, at::kFloat);
  if (name.find("position_embeddings") != std::string::npos) return initial_rope(config);
  if (name.starts_with("llama.")) {
    if (name.ends_with("norm.weight")) return at::ones(shape, at::kFloat);
    return shape.size() == 1 ? at::zeros(shape, at::kFloat) : normal().mul_(kTransformerDeviation);
  }
  const double bound = 1.0 / std::sqrt(static_cast<double>(fan_in(name, config)));
  return uniform_tensor(seed, RandomDomain::initialisation, stream_of(name), shape).mul_(2 * bound).sub_(bound);
}

// Phase of component k at the location (x, y) of scale number `scale` and side `side`. The phases of x and of y, each
// frequency twice, make one list of 2f entries of which every second is kept: component k is frequency k of x for k < f
// / 2, then of y.
double rope_phase(int component, int rotating, double x, double y, int scale, double base, int head_dim) {
  if (component >= rotating) {
    const int rest = head_dim - rotating;
    return (scale + 1) * (std::numbers::pi / 2) / std::pow(10.0, static_cast<double>(component - rotating) / rest);
  }
  const int half = rotating / 2;
  const double frequency = std::pow(base, -2.0 * (component % half) / rotating);
  return (component < half ? x : y) * frequency;
}

}  // namespace

at::Tensor initial_rope(const ModelConfig& config) {
  const int d = config.head_dim(), grid = config.grid();
  const int rotating = (d - d / 8) + (d - d / 8) % 2;
  const double base = static_cast<double>(grid) * grid;
  at::Tensor table = at::zeros({config.tokens() + 2, 2 * d}, at::kFloat);
  table.slice(1, 0, 2 * d, 2).fill_(1);
  float* out = table.mutable_data_ptr<float>();
  for (std::size_t scale = 0; scale < config.sizes.size(); ++scale) {
    const int side = config.sizes[scale];
    for (int place = 0; place < side * side; ++place) {
      const double x = static_cast<double>(grid) / side * (place % side) + 1;
      const double y = static_cast<double>(grid) / side * (place / side) + 1;
      for (int k = 0; k < d; ++k) {
        const double phase = rope_phase(k, rotating, x, y, static_cast<int>(scale), base, d);
        *out++ = static_cast<float>(std::cos(phase));
        *out++ = static_cast<float>(std::sin(phase));
      }
    }
  }
  return table;
}

ModelWeights initial_weights(const ModelConfig& config, std::uint64_t seed) {
  ModelWeights weights;
  visit_weights(config, weights,
                [&](const std::string& name, at::Tensor& tensor, const std::vector<std::int64_t>& shape) {
                  tensor = start_value(config, name, shape, seed);
                });
  return weights;
}

}  // namespace checkerlab::model
