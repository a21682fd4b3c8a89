// Samples as images: drawn and decoded batch by batch, so that memory does not grow with their number.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <vector>

#include "libmodel/observer.hpp"
#include "libmodel/sampling/sampler.hpp"
#include "libmodel/tokenizer/vq_tokenizer.hpp"

namespace checkerlab::model {

struct ImageRequest {
  std::int64_t begin = 0, end = 1;    // sample indices
  std::vector<std::int64_t> classes;  // sample i has class classes[i mod n]; empty: i mod the model's classes
  SamplingSettings settings;
  std::int64_t batch = 0;  // samples at once; 0: what fits, and fewer when memory runs out
  bool pyramid = false;    // decode every scale, not the last alone
};

// Samples begin … begin + n − 1, all on the CPU.
struct ImageBatch {
  std::int64_t begin = 0;
  at::Tensor labels;               // [n] int64
  std::vector<at::Tensor> pixels;  // [n, H, W, 3] uint8: of every scale, or of the last alone
  SampleBatch drawn;
};

// The label of every sample of the request, [end − begin] int64. Throws Error(ErrorCode::invalid_argument) for a class
// that the model does not have.
at::Tensor labels_of(const ImageRequest& request, int classes);

// Calls `sink` for every batch in order. The tokenizer must be on `device`, as the sampler is; it decodes in fp32.
// Throws what the sampler and run_in_batches throw.
void sample_images(Sampler& sampler, VqTokenizer& tokenizer, c10::Device device, Precision precision,
                   const ImageRequest& request, Observer& observer, const std::function<void(const ImageBatch&)>& sink);

}  // namespace checkerlab::model
