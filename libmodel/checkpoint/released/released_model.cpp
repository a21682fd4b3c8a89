#include "libmodel/checkpoint/released/released_model.hpp"

#include <ATen/ops/zeros.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/error.hpp"
#include "libmodel/checkpoint/released/released_tokenizer.hpp"
#include "libmodel/checkpoint/released/tensor_report.hpp"

namespace checkerlab::model {
namespace {

constexpr const char* kMixing = "llama.rotary_emb.mixing_coeffs";

void check_tensors(const ModelConfig& config, const StateDict& state, const std::string& where) {
  TensorReport report;
  std::set<std::string> known;
  ModelWeights none;
  visit_weights(config, none, [&](const std::string& name, at::Tensor&, const std::vector<std::int64_t>& shape) {
    known.insert(name);
    if (!state.contains(name)) {
      report.missing(name, shape);
    } else if (state.record(name).sizes != shape) {
      report.mis_shaped(name, state.record(name).sizes, shape);
    }
  });
  for (const std::string& name : state.names()) {
    const bool unused_mixing = name == kMixing && state.record(name).elements() == 0;
    if (!known.contains(name) && !unused_mixing && !name.starts_with(kTokenizerPrefix))
      report.unknown(name, state.record(name).sizes);
  }
  report.raise(where, "the model that its configuration describes",
               "Give the config.yaml that belongs to the checkpoint (--config)");
}

at::Tensor as_float(const StateDict& state, const std::string& name, const std::string& where) {
  const c10::ScalarType type = state.record(name).storage->type();
  if (!c10::isFloatingType(type))
    throw Error(ErrorCode::invalid_data, where + ": '" + name + "' is of the type " + c10::toString(type));
  return state.load(name).to(at::kFloat);
}

// Where a name stands in the released order: empties, transformer, tables, perceptron, projections, head.
std::size_t place_of(const std::string& name) {
  constexpr std::array<std::string_view, 12> kOrder{
      "empty_token_emb",  "empty_token_pos", "llama.layers",
      "llama.norm",       kMixing,           "llama.rotary_emb.position_embeddings",
      "class_embeddings", "embed_positions", "embed_codevecs_mlp",
      "src_latents_proj", "combine_inputs",  "head_mlp"};
  const auto found =
      std::find_if(kOrder.begin(), kOrder.end(), [&](std::string_view prefix) { return name.starts_with(prefix); });
  return static_cast<std::size_t>(found - kOrder.begin());
}

}  // namespace

int classes_of(const StateDict& state, const std::string& where) {
  constexpr std::int64_t kMost = 1'000'000;
  constexpr const char* kTable = "class_embeddings.weight";
  const bool found = state.contains(kTable) && state.record(kTable).sizes.size() == 2;
  const std::int64_t rows = found ? state.record(kTable).sizes[0] : 0;
  if (rows < 2 || rows > kMost)
    throw Error(ErrorCode::invalid_data, where + " has no table of classes ('" + std::string(kTable) + "')",
                "Only class-conditional models are supported");
  return static_cast<int>(rows - 1);
}

Model model_from_state(ModelConfig config, const StateDict& state, at::Tensor codebook, const std::string& where) {
  config.source_projection = state.contains("src_latents_proj.weight") || state.contains("src_latents_proj.bias");
  check_tensors(config, state, where);
  Model model{.config = config, .weights = {}, .codebook = std::move(codebook)};
  visit_weights(config, model.weights,
                [&](const std::string& name, at::Tensor& tensor, const std::vector<std::int64_t>&) {
                  tensor = as_float(state, name, where);
                });
  return model;
}

NamedTensors model_state(const Model& model) {
  NamedTensors state;
  ModelWeights weights = model.weights;
  visit_weights(model.config, weights,
                [&](const std::string& name, at::Tensor& tensor, const std::vector<std::int64_t>&) {
                  state.emplace_back(name, tensor.detach());
                });
  if (model.config.mixing_layers == 0) state.emplace_back(kMixing, at::zeros({0, model.config.heads}, at::kFloat));
  std::stable_sort(state.begin(), state.end(),
                   [](const auto& a, const auto& b) { return place_of(a.first) < place_of(b.first); });
  return state;
}

void require_finite(const Model& model, const std::string& where) {
  constexpr int kMost = 10;
  std::string names;
  int count = 0;
  ModelWeights weights = model.weights;
  visit_weights(model.config, weights,
                [&](const std::string& name, at::Tensor& tensor, const std::vector<std::int64_t>&) {
                  if (tensor.isfinite().all().item<bool>() || ++count > kMost) return;
                  names += (names.empty() ? "" : ", ") + name;
                });
  if (count == 0) return;
  if (count > kMost) names += " and " + std::to_string(count - kMost) + " more";
  throw Error(ErrorCode::not_finite, where + " holds NaN or infinite weights in " + names,
              "Use an earlier checkpoint of the run");
}

}  // namespace checkerlab::model
