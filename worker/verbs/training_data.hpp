// What a recipe trains on: a token cache, made of images first where the recipe has images.
#pragma once

#include <c10/core/Device.h>

#include <filesystem>
#include <memory>

#include "libmodel/data/token_source.hpp"
#include "libmodel/observer.hpp"
#include "libmodel/tokenizer/vq_tokenizer.hpp"
#include "sweeps/recipe.hpp"

namespace checkerlab::worker {

struct TrainingData {
  std::unique_ptr<model::TokenSource> tokens;
  int grid = 0;  // side of the largest scale
  int classes = 0;
};

// Where the recipe has images: writes their token cache into `folder` unless a whole one is there. `tokenizer` lies on
// `device`. Throws what tokenising throws, Error(invalid_argument) where the size does not divide into tokens.
void prepare_tokens(const sweeps::RecipeDefinition& recipe, model::VqTokenizer& tokenizer,
                    const std::filesystem::path& folder, c10::Device device, model::Observer& observer);

// Opens the recipe's cache, or the one in `folder`. Throws Error: invalid_argument where the number of classes is not
// known or is another one, and what opening throws.
TrainingData open_training_data(const sweeps::RecipeDefinition& recipe, model::VqTokenizer& tokenizer,
                                const std::filesystem::path& folder);

}  // namespace checkerlab::worker
