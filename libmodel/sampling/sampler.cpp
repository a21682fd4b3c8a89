#include "libmodel/sampling/sampler.hpp"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <cmath>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "base/error.hpp"
#include "libmodel/kernels/draw_codes.hpp"
#include "libmodel/sampling/cached_transformer.hpp"

namespace checkerlab::model {
namespace {

void check_settings(const SamplingSettings& settings) {
  const auto require = [](bool holds, const std::string& what) {
    if (!holds) throw Error(ErrorCode::invalid_argument, "sampling: " + what);
  };
  require(std::isfinite(settings.guidance) && settings.guidance >= 0, "guidance must be a number from 0 on");
  require(settings.guidance_start_step >= 0, "the guidance start step must not be negative");
  require(std::isfinite(settings.temperature) && settings.temperature >= 0, "temperature must be a number from 0 on");
  require(settings.truncation.top_k >= 0, "top-k must be a number of codes from 1 on");
  require(settings.truncation.top_p > 0 && settings.truncation.top_p <= 1, "top-p must lie above 0 and up to 1");
}

std::vector<BlockPartition> partitions_of(const SamplingSettings& settings, const std::vector<int>& sizes) {
  if (!settings.steps_of_scales.empty()) return partitions_for_steps(sizes, settings.steps_of_scales);
  const std::int64_t most = std::int64_t{sizes.back()} * sizes.back();
  if (settings.steps_per_scale < 1 || settings.steps_per_scale > most)
    throw Error(ErrorCode::invalid_argument,
                "sampling: " + std::to_string(settings.steps_per_scale) + " steps per scale cannot be",
                "Use 1 to " + std::to_string(most) + ", the tokens of the largest scale");
  return partitions_for_steps(sizes, settings.steps_per_scale);
}

void check_batch(const at::Tensor& labels, const at::Tensor& indices, int classes) {
  if (labels.dim() != 1 || labels.sizes() != indices.sizes() || labels.size(0) == 0 ||
      labels.scalar_type() != at::kLong || indices.scalar_type() != at::kLong)
    throw Error(ErrorCode::invalid_argument, "sampling: labels and sample indices must be int64 lists of one length");
  if (labels.min().item<std::int64_t>() < 0 || labels.max().item<std::int64_t>() > classes)
    throw Error(ErrorCode::invalid_argument, "sampling: a label is outside 0 … " + std::to_string(classes));
  if (indices.min().item<std::int64_t>() < 0)
    throw Error(ErrorCode::invalid_argument, "sampling: a sample index is negative");
}

}  // namespace

class Sampler::Implementation {
 public:
  Implementation(const Model& model, c10::Device device, Precision precision)
      : device_(device), prepared_(model, device, compute_type(precision)) {}

  const ModelConfig& config() const { return prepared_.config; }

  SampleBatch sample(const at::Tensor& labels, const at::Tensor& indices, const SamplingSettings& settings,
                     Observer& observer);

 private:
  struct Run;

  // Kept for the next call with the same settings.
  const SamplingPlan& plan(const SamplingSettings& settings) {
    const auto partitions = partitions_of(settings, config().sizes);
    PlanKey key{settings.order, settings.order == ScanOrder::random ? settings.seed : 0, {}};
    for (const BlockPartition& partition : partitions) {
      std::get<2>(key).push_back(partition.block_size);
    }
    const auto found = plans_.find(key);
    if (found != plans_.end()) return found->second;
    if (plans_.size() >= kMostPlans) plans_.clear();
    const ScaleLayout layout(config().sizes, settings.order, settings.seed);
    return plans_.try_emplace(std::move(key), prepared_, layout, partitions, device_).first->second;
  }

  static constexpr std::size_t kMostPlans = 64;
  using PlanKey = std::tuple<ScanOrder, std::uint64_t, std::vector<std::int64_t>>;  // with the blocks' sizes
  c10::Device device_;
  PreparedWeights prepared_;
  std::map<PlanKey, SamplingPlan> plans_;
};

// One call of sample(): what is known of the batch so far.
struct Sampler::Implementation::Run {
  const Implementation& owner;
  const SamplingPlan& plan;
  const SamplingSettings& settings;
  at::Tensor labels, indices;  // [B]
  bool guided;
  CachedTransformer transformer;
  at::Tensor class_tokens;  // [R, 1, C]
  at::Tensor logit_total;   // sum of all logits: finite exactly when none is broken
  std::int64_t step = 0;

  Run(const Implementation& sampler, const SamplingPlan& sampling_plan, const SamplingSettings& sampling_settings,
      const at::Tensor& batch_labels, const at::Tensor& batch_indices)
      : owner(sampler),
        plan(sampling_plan),
        settings(sampling_settings),
        labels(batch_labels.to(sampler.device_)),
        indices(batch_indices.to(sampler.device_)),
        guided(sampling_settings.guidance > 0),
        transformer(sampler.prepared_, sampling_plan, rows_of_labels()),
        class_tokens(at::embedding(sampler.prepared_.weights.class_embeddings, rows_of_labels()).unsqueeze(1)),
        logit_total(at::zeros({}, class_tokens.options())) {}

  // The conditional rows, then the unconditional ones.
  at::Tensor rows_of_labels() const {
    return guided ? at::cat({labels, at::full_like(labels, owner.config().classes)}) : labels;
  }

  // Inputs of a scale without the previous tokens' part, [B or 1, S², C].
  at::Tensor scale_inputs(std::size_t scale, const std::vector<at::Tensor>& tokens) const {
    const PreparedWeights& p = owner.prepared_;
    const std::int64_t side = plan.layout.sizes[scale];
    const at::Tensor positions = plan.positions.slice(0, plan.layout.offsets[scale], plan.layout.offsets[scale + 1]);
    at::Tensor upscaled = at::zeros({1, 1, p.config.code_dim}, p.codebook.options());
    if (scale > 0) {
      upscaled = upscale_codes(p.codebook, tokens.back().flatten(1), side).flatten(2).transpose(1, 2);
      upscaled = upscaled.index_select(1, plan.scans[scale]);
    }
    return at::linear(embed_source(p.weights, upscaled), p.combine_source) + positions;
  }

  // Draws the codes of one block from its inputs [B or 1, n, C].
  DrawnCodes draw(const Block& block, const at::Tensor& inputs) {
    const std::int64_t count = block.end - block.begin;
    at::Tensor x = inputs.expand({labels.size(0), -1, -1});
    if (guided) x = x.repeat({2, 1, 1});
    // The class token travels with the first block; the mask keeps it from seeing that block.
    const bool first = step == 0;
    if (first) x = at::cat({class_tokens, x}, 1);
    const at::Tensor mask = first ? plan.tables.mask.slice(0, 0, count + 1).slice(1, 0, count + 1) : at::Tensor();
    x = transformer.extend(x, first ? 0 : block.begin + 1, mask).slice(1, first ? 1 : 0);
    const bool use_guidance = guided && step >= settings.guidance_start_step;
    const at::Tensor logits = transformer.logits(use_guidance ? x : x.slice(0, 0, labels.size(0)));
    logit_total = logit_total + logits.sum();
    const auto branches = logits.chunk(use_guidance ? 2 : 1);
    ++step;
    return draw_codes({.conditional = branches.front(),
                       .unconditional = use_guidance ? branches.back() : at::Tensor(),
                       .guidance = settings.guidance,
                       .temperature = settings.temperature,
                       .truncation = settings.truncation,
                       .seed = settings.seed,
                       .sample_indices = indices,
                       .token_indices = plan.tables.order.slice(0, block.begin, block.end),
                       .statistics = settings.record_entropy});
  }

  // Appends the scale's tokens (and statistics) to the batch.
  void draw_scale(std::size_t scale, SampleBatch& batch, Observer& observer) {
    const std::int64_t side = plan.layout.sizes[scale], start = plan.layout.offsets[scale];
    const at::Tensor inputs = scale_inputs(scale, batch.tokens);
    at::Tensor previous = at::full({labels.size(0), side * side}, owner.config().codes, labels.options());
    std::vector<at::Tensor> codes, entropies, probabilities;
    for (const Block& block : plan.blocks.blocks) {
      if (block.scale != static_cast<int>(scale)) continue;
      throw_if_cancelled(observer, "sampling");
      const at::Tensor previous_codes = previous.slice(1, 0, block.end - block.begin);
      const at::Tensor x = inputs.slice(1, block.begin - start, block.end - start) +
                           at::embedding(owner.prepared_.previous_token_table, previous_codes);
      const DrawnCodes drawn = draw(block, x);
      previous = drawn.codes;
      codes.push_back(drawn.codes);
      if (!settings.record_entropy) continue;
      entropies.push_back(drawn.entropy);
      probabilities.push_back(drawn.probability);
    }
    const auto to_map = [&](const std::vector<at::Tensor>& parts) {
      return at::cat(parts, 1).index_select(1, plan.ranks[scale]).unflatten(1, {side, side});
    };
    batch.tokens.push_back(to_map(codes));
    if (!settings.record_entropy) return;
    batch.entropy.push_back(to_map(entropies));
    batch.probability.push_back(to_map(probabilities));
  }
};

SampleBatch Sampler::Implementation::sample(const at::Tensor& labels, const at::Tensor& indices,
                                            const SamplingSettings& settings, Observer& observer) {
  check_settings(settings);
  check_batch(labels, indices, config().classes);
  const SamplingPlan& sampling_plan = plan(settings);
  Run run(*this, sampling_plan, settings, labels, indices);
  SampleBatch batch{.steps = sampling_plan.steps, .blocks = sampling_plan.blocks.lengths()};
  for (std::size_t scale = 0; scale < config().sizes.size(); ++scale) {
    run.draw_scale(scale, batch, observer);
  }
  batch.total_steps = run.step;
  if (!std::isfinite(run.logit_total.item<double>()))
    throw Error(ErrorCode::not_finite, "sampling: the model's logits hold NaN or infinity",
                "Train the model again with a lower learning rate or in fp32");
  return batch;
}

Sampler::Sampler(const Model& model, c10::Device device, Precision precision) {
  const c10::InferenceMode inference;
  implementation_ = std::make_unique<Implementation>(model, device, precision);
}
Sampler::~Sampler() = default;
Sampler::Sampler(Sampler&&) noexcept = default;
Sampler& Sampler::operator=(Sampler&&) noexcept = default;

const ModelConfig& Sampler::config() const {
  return implementation_->config();
}

SampleBatch Sampler::sample(const at::Tensor& labels, const at::Tensor& sample_indices,
                            const SamplingSettings& settings, Observer& observer) {
  SampleBatch batch;
  {
    const c10::InferenceMode inference;
    batch = implementation_->sample(labels, sample_indices, settings, observer);
  }
  // Copies made outside of inference mode may be used with autograd.
  for (auto* maps : {&batch.tokens, &batch.entropy, &batch.probability, &batch.steps}) {
    for (at::Tensor& map : *maps) {
      map = map.clone();
    }
  }
  return batch;
}

at::Tensor round_robin_labels(std::int64_t begin, std::int64_t count, int classes) {
  return at::arange(begin, begin + count, at::kLong).remainder(classes);
}

}  // namespace checkerlab::model
