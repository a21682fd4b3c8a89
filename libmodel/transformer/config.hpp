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
  int mixing_layers = 0;  // the first so many layers mix the key's rotary position with the previous block's

  int grid() const { return sizes.back(); }
  int head_dim() const { return width / heads; }
  std::int64_t tokens() const;
  std::int64_t parameter_count() const;

  // Throws Error(ErrorCode::invalid_argument) with the first thing that cannot be.
  void validate() const;
  bool operator==(const ModelConfig&) const = default;
};

void to_json(nlohmann::json& json, const ModelConfig& config);
// Unknown or missing keys and wrong types throw Error(ErrorCode::invalid_argument).
void from_json(const nlohmann::json& json, ModelConfig& config);

}  // namespace checkerlab::model
