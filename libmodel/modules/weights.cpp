#include "libmodel/modules/weights.hpp"

#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/linear.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <cmath>

#include "base/error.hpp"
#include "libmodel/random/draws.hpp"

namespace checkerlab::model {

namespace {

// Streams of start values lie above those of training steps.
constexpr std::uint64_t kFirstStream = std::uint64_t{1} << 48;

std::string shape_text(const at::Tensor& tensor) {
  std::string text = "[";
  for (const auto size : tensor.sizes())
    text += (text.size() > 1 ? "," : "") + std::to_string(size);
  return text + "]";
}

// Fan in of a convolution's or a Linear's weight.
std::int64_t fan_in(const at::Tensor& weight) {
  return weight.numel() / weight.size(0);
}

}  // namespace

std::map<std::string, at::Tensor> module_weights(const torch::nn::Module& module, const std::string& prefix) {
  std::map<std::string, at::Tensor> weights;
  for (const auto& parameter : module.named_parameters()) {
    weights.emplace(prefix + parameter.key(), parameter.value().detach());
  }
  return weights;
}

void load_module_weights(torch::nn::Module& module, const TensorFile& file, const std::filesystem::path& where,
                         const std::string& prefix) {
  const torch::NoGradGuard no_grad;
  const auto parameters = module.named_parameters();
  for (const auto& parameter : parameters) {
    const auto& stored = file.at(prefix + parameter.key(), where);
    if (stored.sizes() != parameter.value().sizes()) {
      throw Error(ErrorCode::invalid_data, "the tensor " + parameter.key() + " of " + where.string() +
                                               " has the shape " + shape_text(stored) + " instead of " +
                                               shape_text(parameter.value()));
    }
    parameter.value().copy_(stored);
  }
  for (const auto& [name, tensor] : file.tensors) {
    if (name.starts_with(prefix) && !parameters.contains(name.substr(prefix.size()))) {
      throw Error(ErrorCode::invalid_data, "unknown tensor " + name + " in " + where.string());
    }
  }
}

void initialise_module(torch::nn::Module& module, std::uint64_t seed, RandomDomain domain) {
  const torch::NoGradGuard no_grad;
  auto stream = kFirstStream;
  for (const auto& child : module.modules()) {
    if (child->as<torch::nn::Conv2d>() == nullptr && child->as<torch::nn::Linear>() == nullptr) continue;
    auto parameters = child->named_parameters(false);
    const double bound = 1 / std::sqrt(static_cast<double>(fan_in(parameters["weight"])));
    for (auto& parameter : parameters) {
      const auto uniform = uniform_tensor(seed, domain, stream++, parameter.value().sizes());
      parameter.value().copy_(uniform.mul(2 * bound).sub(bound));
    }
  }
}

}  // namespace checkerlab::model
