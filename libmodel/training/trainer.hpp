// Trains a model on cached tokens.
//
// Every random choice of step t (items, crops, block sizes, dropped labels, replaced sources) is a function of (seed,
// t), and a checkpoint holds weights, optimiser state and the number of finished steps: a resumed run continues exactly
// as if it had never stopped.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <vector>

#include "libmodel/device.hpp"
#include "libmodel/observer.hpp"
#include "libmodel/transformer/model.hpp"

namespace checkerlab::model {

// From `step` on (counted from 0) the learning rate is multiplied by `factor`; several drops multiply.
struct LearningRateDrop {
  std::int64_t step = 0;
  double factor = 1;
};

struct TrainConfig {
  ModelConfig model;
  std::int64_t steps = 0;  // 0: the untrained model
  std::int64_t batch = 0;
  double learning_rate = 0;
  std::int64_t warmup_steps = 0;  // linear from lr / warmup_steps
  std::vector<LearningRateDrop> drops;
  double weight_decay = 0;                 // on parameters with two or more dimensions, embeddings included
  double label_dropout = 0;                // probability of training an item without its class
  double source_replacement = 0;           // probability per location of a random code as source of the next scale
  double gradient_clip = 0;                // largest global L2 norm of the gradients; 0: no clipping
  std::int64_t fixed_steps_per_scale = 0;  // 0: block sizes drawn anew for every scale of every batch
  std::uint64_t seed = 0;
  Precision precision = Precision::fp32;

  void validate() const;
};

// Cached tokens of a data set.
struct TokenSet {
  std::map<int, at::Tensor> tokens;  // side → int16 [N, crops, side²] in raster order
  at::Tensor labels;                 // [N] int64
  at::Tensor codebook;               // [codes, code_dim] fp32, rows of length 1
};

struct TrainResult {
  Model model;                   // on the training device
  double final_loss = 0;         // running mean of the loss (decay 0.98); of the untrained model where steps = 0
  double images_per_second = 0;  // of this run; 0 where nothing was trained
  double seconds = 0;            // of this run
};

// `resume`: a checkpoint that an earlier run of the same configuration handed to Observer::checkpoint. Curves: "loss",
// "learning_rate", "gradient_norm" (only when clipping). Throws Error: invalid_argument (configuration, tokens that do
// not fit), invalid_data (resume), not_finite (the loss is NaN or infinite; names the step), cancelled.
TrainResult train_model(const TrainConfig& config, const TokenSet& tokens, c10::Device device, Observer& observer,
                        const std::optional<std::filesystem::path>& resume);

}  // namespace checkerlab::model
