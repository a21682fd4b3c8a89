#include "libmodel/checkpoint/released/adopt_weights.hpp"

#include <ATen/ops/eye.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <array>
#include <map>

#include "base/error.hpp"
#include "libmodel/checkpoint/released/tensor_report.hpp"

namespace checkerlab::model {
namespace {

bool is_table(const std::string& name) {
  constexpr std::array<std::string_view, 3> kTables{
      "llama.rotary_emb.position_embeddings.parametrizations.weight.original", "embed_positions.weight",
      "class_embeddings.weight"};
  return std::find(kTables.begin(), kTables.end(), name) != kTables.end();
}

std::map<std::string, at::Tensor> by_name(const Model& model) {
  std::map<std::string, at::Tensor> tensors;
  ModelWeights weights = model.weights;
  visit_weights(model.config, weights,
                [&](const std::string& name, at::Tensor& tensor, const std::vector<std::int64_t>&) {
                  tensors[name] = tensor.detach();
                });
  return tensors;
}

// The projection of a source that has none.
at::Tensor identity(const std::string& name, const std::vector<std::int64_t>& shape) {
  return name.ends_with(".weight") ? at::eye(shape[0], at::kFloat) : at::zeros(shape, at::kFloat);
}

}  // namespace

std::vector<std::string> adopt_weights(Model& model, const Model& source) {
  std::map<std::string, at::Tensor> given = by_name(source);
  std::vector<std::string> messages;
  TensorReport report;
  std::map<std::string, at::Tensor> adopted;
  visit_weights(model.config, model.weights,
                [&](const std::string& name, at::Tensor&, const std::vector<std::int64_t>& shape) {
                  const auto found = given.find(name);
                  if (found == given.end()) {
                    if (name.starts_with("src_latents_proj.")) {
                      adopted[name] = identity(name, shape);
                    } else {
                      report.missing(name, shape);
                    }
                    return;
                  }
                  if (found->second.sizes() == at::IntArrayRef(shape)) {
                    adopted[name] = found->second;
                  } else if (is_table(name)) {
                    messages.push_back(name + " keeps its fresh values: it is " + shape_text(shape) + " here and " +
                                       shape_text(found->second.sizes()) + " in the other model");
                  } else {
                    report.mis_shaped(name, found->second.sizes(), shape);
                  }
                  given.erase(found);
                });
  for (const auto& [name, tensor] : given)
    report.unknown(name, tensor.sizes());
  report.raise("the model to start from", "the model to be trained", "Start from a model of the same structure");
  visit_weights(model.config, model.weights,
                [&](const std::string& name, at::Tensor& tensor, const std::vector<std::int64_t>&) {
                  if (adopted.contains(name)) tensor = adopted[name].to(tensor.device(), at::kFloat, false, true);
                });
  return messages;
}

}  // namespace checkerlab::model
