#include "libmodel/evaluation/inception/testing/formula_weights.hpp"

#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>

#include <cmath>
#include <string>

namespace checkerlab::model {
namespace {

std::uint64_t fnv1a(std::string_view text) {
  std::uint64_t hash = 0xCBF29CE484222325;
  for (const char letter : text)
    hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001B3;
  return hash;
}

// The i-th output of splitmix64 (Steele, Lea, Flood 2014; Vigna's constants).
std::uint64_t splitmix64(std::uint64_t seed, std::uint64_t i) {
  std::uint64_t z = seed + (i + 1) * 0x9E3779B97F4A7C15;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

class Formula {
 public:
  explicit Formula(std::uint64_t salt) : salt_(std::to_string(salt)) {}

  void add(const std::string& name, at::IntArrayRef shape, double centre, double spread) {
    const std::uint64_t seed = fnv1a(salt_ + ":" + name);
    const at::Tensor tensor = at::empty(shape, at::kFloat);
    auto* values = tensor.mutable_data_ptr<float>();
    for (std::int64_t i = 0; i < tensor.numel(); ++i) {
      const double u = static_cast<double>(splitmix64(seed, static_cast<std::uint64_t>(i)) >> 40) / (1 << 24);
      values[i] = static_cast<float>(centre + spread * (2 * u - 1));
    }
    tensors.emplace_back(name, tensor);
  }

  NamedTensors tensors;

 private:
  std::string salt_;
};

}  // namespace

NamedTensors formula_tensors(std::uint64_t salt) {
  Formula formula(salt);
  for (const InceptionConvolution& one : inception_convolutions()) {
    const std::string module(one.module);
    const auto fan_in = static_cast<double>(one.in * one.height * one.width);
    formula.add(module + ".conv.weight", one.shape(), 0, std::sqrt(6 / fan_in));
    formula.add(module + ".bn.weight", {one.out}, 1, 0.1);
    formula.add(module + ".bn.bias", {one.out}, 0, 0.1);
    formula.add(module + ".bn.running_mean", {one.out}, 0, 0.1);
    formula.add(module + ".bn.running_var", {one.out}, 1, 0.2);
    formula.tensors.emplace_back(module + ".bn.num_batches_tracked", at::zeros({}, at::kLong));
  }
  formula.add("fc.weight", {kInceptionClasses, kInceptionWidth}, 0, 0.2 * std::sqrt(3.0));
  formula.add("fc.bias", {kInceptionClasses}, 0, 0.1);
  return formula.tensors;
}

InceptionWeights formula_weights(std::uint64_t salt) {
  const NamedTensors tensors = formula_tensors(salt);
  InceptionWeights weights;
  auto next = tensors.begin();
  for (std::size_t i = 0; i < inception_convolutions().size(); ++i, next += 6)
    weights.convolutions.push_back({.kernel = next[0].second,
                                    .scale = next[1].second,
                                    .shift = next[2].second,
                                    .mean = next[3].second,
                                    .variance = next[4].second});
  weights.class_kernel = next[0].second;
  weights.class_bias = next[1].second;
  return weights;
}

}  // namespace checkerlab::model
