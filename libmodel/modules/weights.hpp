// Weights of a module as named tensors, and its start values.
#pragma once

#include <torch/nn/module.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "libmodel/checkpoint/safetensors.hpp"
#include "libmodel/random/philox.hpp"

namespace checkerlab::model {

// Every parameter by its full name, with `prefix` before it.
std::map<std::string, at::Tensor> module_weights(const torch::nn::Module& module, const std::string& prefix = "");

// Copies the tensors whose names begin with `prefix` into the parameters of these names. Throws Error(invalid_data)
// naming the first parameter that is missing, tensor that is unknown, or shape that differs.
void load_module_weights(torch::nn::Module& module, const TensorFile& file, const std::filesystem::path& where,
                         const std::string& prefix = "");

// Start values as PyTorch draws them: weights and biases of convolutions and Linears U(-b, b), b = 1 / sqrt(fan in),
// norms one and zero; parameters of other modules stay. Each value is a function of (seed, domain, parameter, element).
void initialise_module(torch::nn::Module& module, std::uint64_t seed, RandomDomain domain);

}  // namespace checkerlab::model
