// The training batches: what step t trains on, as a function of (seed, t) alone.
//
// Items go through the data set in a new random order every epoch; of each item one crop is taken at random. Not
// thread-safe (keeps the orders of the last epochs).
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <map>
#include <vector>

#include "libmodel/training/trainer.hpp"
#include "libmodel/transformer/forward.hpp"
#include "libmodel/transformer/sequence_tables.hpp"

namespace checkerlab::model {

class BatchSource {
 public:
  // Throws Error(ErrorCode::invalid_argument) when the tokens do not fit the configuration. Keeps references to both.
  BatchSource(const TrainConfig& config, const TokenSet& tokens, c10::Device device);

  TokenBatch batch(std::int64_t step);
  SequenceTables tables(std::int64_t step) const;

 private:
  std::int64_t item(std::int64_t position);
  at::Tensor labels(std::int64_t step, const at::Tensor& items) const;
  std::vector<at::Tensor> sources(std::int64_t step, const std::vector<at::Tensor>& tokens) const;

  const TrainConfig& config_;
  const TokenSet& set_;
  c10::Device device_;
  ScaleLayout layout_;
  std::int64_t items_ = 0, crops_ = 0;
  std::map<std::int64_t, std::vector<std::int64_t>> orders_;  // epoch → order of the items
};

// Throws Error(ErrorCode::invalid_argument) naming what does not fit.
void check_token_set(const TokenSet& tokens, const ModelConfig& config);

}  // namespace checkerlab::model
