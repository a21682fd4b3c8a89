// From sample indices to images. Shared by evaluation and sample grids.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "libmodel/sampling/sampler.hpp"
#include "libmodel/tokenizer/vq_tokenizer.hpp"
#include "worker/jobs/params.hpp"

namespace checkerlab::worker {

// Reads steps_per_scale, guidance, guidance_start_step and seed; temperature is left at 1.
model::SamplingSettings read_sampling(Params& params);

struct DrawnImages {
  at::Tensor pixels;  // uint8 [N, H, W, 3] on the sampler's device
  std::int64_t total_steps = 0;
};

// Samples begin … begin + count − 1; sample i has the class i mod n of the n `classes`, or of all where there are none.
DrawnImages draw_images(model::Sampler& sampler, model::VqTokenizer& tokenizer, std::int64_t begin, std::int64_t count,
                        const model::SamplingSettings& settings, c10::Device device, model::Precision precision,
                        model::Observer& observer, const std::vector<std::int64_t>& classes = {});

}  // namespace checkerlab::worker
