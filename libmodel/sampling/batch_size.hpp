// How many samples are drawn at once, and what happens when they do not fit into memory.
#pragma once

#include <c10/core/Device.h>

#include <cstdint>
#include <functional>

#include "libmodel/device.hpp"
#include "libmodel/observer.hpp"
#include "libmodel/tokenizer/config.hpp"
#include "libmodel/transformer/config.hpp"

namespace checkerlab::model {

// About what one more sample takes in memory: its keys and values, the largest block's activations and logits, and the
// decoder's feature maps at full resolution. Guided sampling runs two rows a sample.
std::int64_t bytes_per_sample(const ModelConfig& model, const TokenizerConfig& tokenizer, Precision precision,
                              bool guided);

// Bytes that this process can use on the device.
std::int64_t free_bytes(c10::Device device);

// Samples at once that fill about two thirds of `bytes`; 1 to 256.
std::int64_t batch_for(std::int64_t bytes, std::int64_t bytes_each);

struct BatchPlan {
  std::int64_t batch = 1;
  bool fixed = false;  // asked for by a person: never made smaller
  c10::Device device = c10::kCPU;
};

// Calls work(begin, count) for consecutive parts of [begin, end), each of at most plan.batch. A part that runs out of
// memory is repeated with half the batch, and the observer is told: `work` must keep nothing of a failed call. Throws
// Error(ErrorCode::out_of_memory) that names the batch that fits (found with trial(count), the same without lasting
// effect) when the batch is fixed, or when one sample alone does not fit. Reports progress in images.
void run_in_batches(std::int64_t begin, std::int64_t end, const BatchPlan& plan, Observer& observer,
                    const std::function<void(std::int64_t begin, std::int64_t count)>& work,
                    const std::function<void(std::int64_t count)>& trial);

}  // namespace checkerlab::model
