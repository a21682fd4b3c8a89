// A class-conditional multiscale model: configuration, weights and the codebook whose indices it predicts; how it is
// kept in a file; its teacher-forced forward.
//
// A Model is a bundle of tensor handles: copying it shares the tensors. Not to be trained and read from two threads at
// once.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "libmodel/checkpoint/safetensors.hpp"
#include "libmodel/transformer/config.hpp"
#include "libmodel/transformer/weights.hpp"

namespace checkerlab::model {

struct Model {
  ModelConfig config;
  ModelWeights weights;
  at::Tensor codebook;  // [codes, code_dim] fp32, rows of length 1 (the tokenizer's quantized latents)

  std::int64_t parameter_count() const { return config.parameter_count(); }
  // The same model with its tensors on `device` (shared where they are there already).
  Model to(c10::Device device) const;
};

// The same function with a source projection of its own to train: the identity where the model has none.
Model with_source_projection(const Model& model);

// A model with fresh weights on the CPU.
Model fresh_model(const ModelConfig& config, at::Tensor codebook, std::uint64_t seed);

// Files of kind "model": one tensor a parameter, "codebook", and the configuration in the metadata under "config";
// where training kept a moving average of the weights, that under "ema.<parameter>".
TensorFile to_tensor_file(const Model& model, const std::optional<Model>& average = {});
Model model_from_tensor_file(const TensorFile& file, const std::filesystem::path& where);
std::optional<Model> average_from_tensor_file(const TensorFile& file, const std::filesystem::path& where);
void save_model(const std::filesystem::path& file, const Model& model, const std::optional<Model>& average = {});
Model load_model(const std::filesystem::path& file, c10::Device device);
// The model with the moving average of the weights. Throws Error(ErrorCode::not_found) when the file has none.
Model load_average(const std::filesystem::path& file, c10::Device device);

}  // namespace checkerlab::model
