// The training batches: what batch b trains on, as a function of (seed, b) alone.
//
// Items go through the data set in a new random order every epoch; of each item one crop is taken at random. A rank of
// a data-parallel training makes its share of the items: the same draws, whatever the number of ranks. Not thread-safe
// (keeps the orders of the last epochs).
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <map>
#include <vector>

#include "libmodel/data/token_source.hpp"
#include "libmodel/training/train_config.hpp"
#include "libmodel/transformer/forward.hpp"
#include "libmodel/transformer/sequence_tables.hpp"

namespace checkerlab::model {

// The items [batch · rank / ranks, batch · (rank + 1) / ranks) of every batch.
struct BatchShare {
  std::int64_t rank = 0, ranks = 1;
};

class BatchSource {
 public:
  // Throws Error(ErrorCode::invalid_argument) when the tokens do not fit the configuration or the batch does not divide
  // among the ranks. Keeps references to both.
  BatchSource(const TrainConfig& config, const TokenSource& tokens, c10::Device device, BatchShare share = {});

  // Both copy to the device without waiting for it.
  TokenBatch batch(std::int64_t number);
  SequenceTables tables(std::int64_t number) const;
  // How batch `number` cuts every scale into blocks.
  std::vector<BlockPartition> partitions(std::int64_t number) const;

  std::int64_t share_size() const { return share_size_; }

 private:
  std::int64_t item(std::int64_t position);
  at::Tensor tokens(const std::vector<std::int64_t>& items, const std::vector<std::int64_t>& crops) const;
  at::Tensor labels(std::int64_t number, const at::Tensor& kept) const;
  at::Tensor sources(std::int64_t number, const at::Tensor& tokens) const;
  std::vector<at::Tensor> scales(const at::Tensor& tokens) const;
  at::Tensor share(const at::Tensor& of_batch) const { return of_batch.narrow(0, share_begin_, share_size_); }

  const TrainConfig& config_;
  const TokenSource& source_;
  c10::Device device_;
  ScaleLayout layout_;
  std::int64_t items_ = 0, crops_ = 0;
  std::int64_t share_begin_ = 0, share_size_ = 0;
  std::map<std::int64_t, std::vector<std::int64_t>> orders_;  // epoch → order of the items
};

// Throws Error(ErrorCode::invalid_argument) naming what does not fit.
void check_tokens(const TokenSource& tokens, const ModelConfig& config);

// Views of the items [begin, begin + count) of a batch.
TokenBatch items_of(const TokenBatch& batch, std::int64_t begin, std::int64_t count);

}  // namespace checkerlab::model
