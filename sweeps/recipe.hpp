// A training recipe: one model and its training in a file, for `checkerlab model train`. Shares the language of studies
// for the model and its training.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sweeps/definition.hpp"

namespace checkerlab::sweeps {

enum class RecipeDataKind { tokens, images };

struct RecipeData {
  RecipeDataKind kind = RecipeDataKind::tokens;
  std::string path;              // as written
  int classes = 0;               // tokens: 0 = as the cache says
  int size = 0;                  // images: side of the crops in pixels
  std::string crops;             // images: "none" | "flip" | "ten"
  std::int64_t max_corrupt = 0;  // images: unreadable ones tolerated
};

struct RecipeStart {
  std::string from;
  bool ema = false;        // the moving average of its weights
  bool optimizer = false;  // its optimiser, loss scale and epochs as well
};

struct RecipeDefinition {
  std::string name;
  std::int64_t seed = 0;
  std::string tokenizer;  // path as written
  RecipeData data;
  Ratio ratio;
  ModelDefinition model;
  std::optional<RecipeStart> start;
  // What changes no result.
  double checkpoint_minutes = 10;
  std::int64_t micro_batch = 0;  // 0 = whole batches
  bool deterministic = false;
};

// Reads `yaml` as parse_study does: every problem with line and column. Throws DefinitionError.
RecipeDefinition parse_recipe(std::string_view yaml, std::string_view filename, std::span<const std::string> overrides);

}  // namespace checkerlab::sweeps
