// Trains a model on cached tokens.
//
// Every random choice of step t (items, crops, block sizes, dropped labels, replaced sources) is a function of (seed,
// t), and a checkpoint holds all that is carried from step to step: a resumed run continues exactly as if it had never
// stopped (on CUDA in deterministic mode; the CPU always is).
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "libmodel/data/token_source.hpp"
#include "libmodel/distributed/communicator.hpp"
#include "libmodel/observer.hpp"
#include "libmodel/training/optimizer.hpp"
#include "libmodel/training/train_config.hpp"
#include "libmodel/transformer/model.hpp"

namespace checkerlab::model {

// Where a training begins that does not begin with fresh weights.
struct TrainingStart {
  Model model;  // see start_from()
  // To continue another program's run: its optimiser, finished epochs and loss scale (0: as at the start).
  std::map<std::string, Moments> moments;
  double epochs_done = 0;
  double loss_scale = 0;
};

// What does not change the result, and where it begins.
struct TrainOptions {
  // A checkpoint that an earlier run handed to Observer::checkpoint; refused when that run had other settings than its
  // length, unless `accept_other_settings`.
  std::optional<std::filesystem::path> resume;
  bool accept_other_settings = false;
  std::optional<TrainingStart> start;  // not looked at when resuming
  std::int64_t micro_batch = 0;        // images whose gradients are computed at once, to save memory; 0: all of a batch
  bool deterministic = false;          // CUDA: only kernels that give the same bits every time (slower)
  // Of a data-parallel training: every rank calls train_model with the same configuration and tokens and takes its
  // share of each batch; all return the same. Checkpoints are rank 0's, whose observer alone is asked for them. Null:
  // alone.
  Communicator* ranks = nullptr;
};

struct TrainResult {
  Model model;                     // on the training device
  std::optional<Model> average;    // the weights' moving average, where one is kept
  std::int64_t steps = 0;          // of the whole training
  double epochs = 0;               // passes over the data set, of the whole training
  double final_loss = 0;           // running mean of the loss (decay 0.98); of the untrained model where steps = 0
  double images_per_second = 0;    // of this run; 0 where nothing was trained
  double seconds = 0;              // of this run
  std::int64_t overflows = 0;      // steps left out by fp16's loss scaling
  std::int64_t skipped_steps = 0;  // steps left out because a number was not finite
};

// Curves: see TrainingMetrics. Throws Error: invalid_argument (configuration, tokens that do not fit), invalid_data
// (resume, tokens), version_mismatch (resume with other settings), not_finite (names the step), out_of_memory (with the
// micro-batch that fits), cancelled (after a checkpoint, where the observer wants one), and what the ranks throw.
TrainResult train_model(const TrainConfig& config, const TokenSource& tokens, c10::Device device, Observer& observer,
                        const TrainOptions& options = {});

}  // namespace checkerlab::model
