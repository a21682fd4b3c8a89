#include "libmodel/trace/parameter_rows.hpp"

#include <ATen/ATen.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "libmodel/transformer/weights.hpp"

namespace checkerlab::model {
namespace {

constexpr const char* kMixing = "llama.rotary_emb.mixing_coeffs";

// Prefixes in the released order; inside one prefix the visiting order of visit_weights holds.
constexpr std::array<std::string_view, 12> kPrefixes{
    "empty_token",       "llama.layers.",    "llama.norm",     "llama.rotary_emb.mixing", "llama.rotary_emb.position",
    "class_embeddings.", "embed_positions.", "embed_codevecs", "src_latents_proj",        "combine_inputs",
    "head_mlp",          "lm_head"};

std::size_t place_of(const std::string& name) {
  const auto found = std::find_if(kPrefixes.begin(), kPrefixes.end(),
                                  [&](std::string_view prefix) { return name.starts_with(prefix); });
  return static_cast<std::size_t>(found - kPrefixes.begin());
}

}  // namespace

std::vector<std::string> released_parameter_order(const ModelConfig& config) {
  std::vector<std::string> names;
  ModelWeights weights;
  visit_weights(config, weights,
                [&](const std::string& name, at::Tensor&, const std::vector<std::int64_t>&) { names.push_back(name); });
  if (config.mixing_layers == 0) names.emplace_back(kMixing);
  std::stable_sort(names.begin(), names.end(),
                   [](const std::string& a, const std::string& b) { return place_of(a) < place_of(b); });
  return names;
}

at::Tensor parameter_rows(const ModelConfig& config, const std::map<std::string, at::Tensor>& rows) {
  std::vector<at::Tensor> list;
  for (const std::string& name : released_parameter_order(config)) {
    const auto found = rows.find(name);
    list.push_back(found == rows.end() ? at::zeros({2}, at::kDouble) : found->second);
  }
  return at::stack(list);
}

}  // namespace checkerlab::model
