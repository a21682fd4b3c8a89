#include "worker/jobs/draw_images.hpp"

#include <torch/types.h>
#include <torch/utils.h>

#include "libmodel/image/tensor.hpp"
#include "libmodel/memory/out_of_memory.hpp"

namespace checkerlab::worker {

model::SamplingSettings read_sampling(Params& params) {
  model::SamplingSettings settings;
  settings.steps_per_scale = params.integer("steps_per_scale", 1, 1'000'000);
  settings.guidance = params.number("guidance", 0, 1000);
  settings.guidance_start_step = params.integer("guidance_start_step", 0, 1'000'000);
  settings.seed = static_cast<std::uint64_t>(params.integer("seed", 0, kMostSeed));
  return settings;
}

namespace {

at::Tensor labels_of(const model::Sampler& sampler, std::int64_t begin, std::int64_t count,
                     const std::vector<std::int64_t>& classes) {
  if (classes.empty()) return model::round_robin_labels(begin, count, sampler.config().classes);
  const auto places = model::round_robin_labels(begin, count, static_cast<int>(classes.size()));
  return torch::tensor(classes, torch::kInt64).index_select(0, places);
}

}  // namespace

DrawnImages draw_images(model::Sampler& sampler, model::VqTokenizer& tokenizer, std::int64_t begin, std::int64_t count,
                        const model::SamplingSettings& settings, c10::Device device, model::Precision precision,
                        model::Observer& observer, const std::vector<std::int64_t>& classes) {
  const torch::NoGradGuard no_gradients;
  const auto draw = [&](std::int64_t images) -> DrawnImages {
    const auto labels = labels_of(sampler, begin, images, classes);
    const auto indices = torch::arange(begin, begin + images, torch::kInt64);
    const auto drawn = sampler.sample(labels, indices, settings, observer);
    const model::AutocastScope autocast(device, precision);
    const auto decoded = tokenizer->decode(drawn.tokens.back().to(device));
    return {model::to_pixels(decoded.to(torch::kFloat32)), drawn.total_steps};
  };
  DrawnImages result;
  model::with_batch_advice(
      {"drawing", "images", "batch"}, count, device, [&] { result = draw(count); }, draw);
  return result;
}

}  // namespace checkerlab::worker
