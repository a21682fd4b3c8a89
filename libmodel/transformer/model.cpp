#include "libmodel/transformer/model.hpp"

#include <ATen/ops/eye.h>
#include <ATen/ops/zeros.h>

#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "base/error.hpp"

namespace checkerlab::model {
namespace {

constexpr const char* kKind = "model";
constexpr const char* kVersion = "1";
constexpr std::string_view kAverage = "ema.";

void check_codebook(const at::Tensor& codebook, const ModelConfig& config, const std::string& where) {
  if (codebook.dim() != 2 || codebook.size(0) != config.codes || codebook.size(1) != config.code_dim ||
      codebook.scalar_type() != at::kFloat)
    throw Error(ErrorCode::invalid_argument,
                where + ": the codebook must be fp32 of " + std::to_string(config.codes) + " × " +
                    std::to_string(config.code_dim) + ", it is " + c10::str(codebook.sizes()),
                "Use the tokenizer that the model was made for");
}

const std::string& metadata_entry(const TensorFile& file, const char* key, const std::filesystem::path& where) {
  const auto found = file.metadata.find(key);
  if (found == file.metadata.end())
    throw Error(ErrorCode::invalid_data, where.string() + " holds no model: its metadata has no '" + key + "'");
  return found->second;
}

ModelConfig read_config(const TensorFile& file, const std::filesystem::path& where) {
  if (metadata_entry(file, "kind", where) != kKind)
    throw Error(ErrorCode::invalid_data,
                where.string() + " holds a " + metadata_entry(file, "kind", where) + ", not a model");
  if (metadata_entry(file, "format_version", where) != kVersion)
    throw Error(ErrorCode::version_mismatch, where.string() + " has the format version " +
                                                 metadata_entry(file, "format_version", where) + ", this is " +
                                                 kVersion);
  const auto json = nlohmann::json::parse(metadata_entry(file, "config", where), nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) throw Error(ErrorCode::invalid_data, where.string() + ": its configuration is not JSON");
  return json.get<ModelConfig>();
}

}  // namespace

Model Model::to(c10::Device device) const {
  Model moved{.config = config, .weights = weights, .codebook = codebook.to(device)};
  visit_weights(config, moved.weights, [&](const std::string&, at::Tensor& tensor, const std::vector<std::int64_t>&) {
    tensor = tensor.to(device);
  });
  return moved;
}

Model with_source_projection(const Model& model) {
  if (model.config.source_projection) return model;
  Model extended = model;
  extended.config.source_projection = true;
  extended.weights.source_weight = at::eye(model.config.width, model.codebook.options());
  extended.weights.source_bias = at::zeros({model.config.width}, model.codebook.options());
  return extended;
}

Model fresh_model(const ModelConfig& config, at::Tensor codebook, std::uint64_t seed) {
  config.validate();
  check_codebook(codebook, config, "fresh model");
  return {.config = config, .weights = initial_weights(config, seed), .codebook = std::move(codebook)};
}

TensorFile to_tensor_file(const Model& model, const std::optional<Model>& average) {
  TensorFile file;
  file.metadata = {{"kind", kKind}, {"format_version", kVersion}, {"config", nlohmann::json(model.config).dump()}};
  const auto add = [&](const Model& from, std::string_view prefix) {
    ModelWeights weights = from.weights;
    visit_weights(from.config, weights,
                  [&](const std::string& name, at::Tensor& tensor, const std::vector<std::int64_t>&) {
                    file.tensors[std::string(prefix) + name] = tensor.detach();
                  });
  };
  add(model, "");
  if (average) add(*average, kAverage);
  file.tensors["codebook"] = model.codebook;
  return file;
}

Model model_from_tensor_file(const TensorFile& file, const std::filesystem::path& where) {
  Model model{.config = read_config(file, where), .weights = {}, .codebook = file.at("codebook", where)};
  visit_weights(model.config, model.weights,
                [&](const std::string& name, at::Tensor& tensor, const std::vector<std::int64_t>& shape) {
                  tensor = file.at(name, where);
                  if (tensor.sizes() != at::IntArrayRef(shape) || tensor.scalar_type() != at::kFloat)
                    throw Error(ErrorCode::invalid_data,
                                where.string() + ": '" + name + "' is " + c10::str(tensor.sizes()) +
                                    ", the configuration says fp32 " + c10::str(at::IntArrayRef(shape)));
                });
  check_codebook(model.codebook, model.config, where.string());
  return model;
}

std::optional<Model> average_from_tensor_file(const TensorFile& file, const std::filesystem::path& where) {
  TensorFile average{.tensors = {}, .metadata = file.metadata};
  for (const auto& [name, tensor] : file.tensors) {
    if (name.starts_with(kAverage)) average.tensors[name.substr(kAverage.size())] = tensor;
  }
  if (average.tensors.empty()) return std::nullopt;
  average.tensors["codebook"] = file.at("codebook", where);
  return model_from_tensor_file(average, where);
}

void save_model(const std::filesystem::path& file, const Model& model, const std::optional<Model>& average) {
  write_safetensors(file, to_tensor_file(model, average));
}

Model load_model(const std::filesystem::path& file, c10::Device device) {
  return model_from_tensor_file(read_safetensors(file), file).to(device);
}

Model load_average(const std::filesystem::path& file, c10::Device device) {
  const auto average = average_from_tensor_file(read_safetensors(file), file);
  if (!average)
    throw Error(ErrorCode::not_found, file.string() + " holds no moving average of the weights",
                "Use the weights themselves, or train with ema_decay");
  return average->to(device);
}

}  // namespace checkerlab::model
