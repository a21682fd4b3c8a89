// What a model is, apart from its weights. Plain value.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace checkerlab::model {

struct ModelConfig {
  std::vector<int> sizes;  // sides of the token grids, ascending; the last is the full grid
  int classes = 0;         // labels 0 … classes − 1; label `classes` means "no class"
  int codes = 0;           // entries of the tokenizer's codebook
  int code_dim = 0;        // channels of a codebook entry
  int layers = 0;
  int width = 0;  // C
  int heads = 0;
  int hidden = 0;         // width of the feed-forward layer, as given (no rounding)
  int mixing_layers = 0;  // the first so many layers mix the key's rotary position with the previous block's; more than
                          // there are layers leave the surplus scalars unused
  // The rest is written to JSON only where it differs from these values, so that configurations without it keep their
  // meaning and their hash.
  bool source_projection = true;  // false: no src_latents_proj, the source's embedding is used as it is
  bool head_mlp = false;          // adds a perceptron of the codebook to the head's weight rows
  double norm_epsilon = 1e-6;     // of every RMSNorm

  int grid() const { return sizes.back(); }
  int head_dim() const { return width / heads; }
  // Width of the hidden layers of the perceptrons over codebook entries.
  int code_hidden() const { return code_dim > 64 ? code_dim : 64; }
  std::int64_t tokens() const;
  std::int64_t parameter_count() const;

  // Throws Error(ErrorCode::invalid_argument) with the first thing that cannot be.
  void validate() const;
  bool operator==(const ModelConfig&) const = default;
};

void to_json(nlohmann::json& json, const ModelConfig& config);
// Unknown keys, missing ones that are not optional, and wrong types throw Error(ErrorCode::invalid_argument).
void from_json(const nlohmann::json& json, ModelConfig& config);

}  // namespace checkerlab::model
