// What a trace computes from, checked against the model. Internal to trace/.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libmodel/checkpoint/safetensors.hpp"
#include "libmodel/transformer/config.hpp"
#include "libmodel/transformer/forward.hpp"

namespace checkerlab::model {

struct TraceInputs {
  at::Tensor image;                // [B, 3, H, H] fp32; undefined: none
  at::Tensor labels;               // [B] int64; undefined: none
  std::vector<at::Tensor> tokens;  // per scale [B, S, S] int64; empty: none
  at::Tensor norm_rows;            // [.., C] fp32
  std::vector<std::string> notes;

  bool has_sequence() const { return labels.defined() && !tokens.empty(); }
  // tokens and labels as the forward takes them.
  TokenBatch batch() const;
};

// Inputs on `device`. `stride`: pixels of a token, where a tokenizer is known. Without `rmsnorm.in` the rows are
// standard normal numbers of LibTorch's CPU generator with seed 9 times 1e-4, 1e-3, 1e-2 and 1. Throws
// Error(ErrorCode::invalid_argument) naming the tensor that does not fit and how it should be.
TraceInputs read_trace_inputs(const TensorFile& file, const ModelConfig& config, std::optional<std::int64_t> stride,
                              c10::Device device);

}  // namespace checkerlab::model
