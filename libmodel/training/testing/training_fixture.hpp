// A training of a small model on twenty images whose label decides their codes, so that there is something to learn.
#pragma once

#include <gtest/gtest.h>
#include <torch/types.h>

#include "base/files.hpp"
#include "libmodel/data/token_set.hpp"
#include "libmodel/training/trainer.hpp"
#include "libmodel/transformer/testing/golden.hpp"

namespace checkerlab::model {

class Training : public testing::Test {
 protected:
  Training() {
    config.model = small_model({1, 2, 4}, 16).config;
    tokens.codebook = small_model({1, 2, 4}, 16).codebook;
    tokens.labels = torch::arange(20, torch::kInt64).remainder(5);
    for (const int side : config.model.sizes) {
      tokens.tokens[side] =
          (tokens.labels * 3).to(torch::kInt16).view({20, 1, 1}).expand({20, 2, side * side}).contiguous();
    }
  }
  TrainConfig config{.steps = 12,
                     .batch = 8,
                     .learning_rate = 3e-3,
                     .warmup_steps = 3,
                     .drops = {{10, 0.1}},
                     .weight_decay = 0.01,
                     .label_dropout = 0.1,
                     .source_replacement = 0.1,
                     .seed = 9};
  TokenSet tokens;
  TemporaryFolder folder;
};

}  // namespace checkerlab::model
