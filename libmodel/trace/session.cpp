#include "libmodel/trace/session.hpp"

#include <ATen/ATen.h>

#include "base/error.hpp"

namespace checkerlab::model {
namespace {

constexpr int kTrainSteps = 5, kResumeSteps = 3;

std::optional<std::int64_t> stride_of(const VqTokenizer& tokenizer) {
  return tokenizer.is_empty() ? std::nullopt : std::optional(tokenizer->config().stride);
}

void check_tokenizer(const TraceSubject& subject) {
  if (subject.tokenizer.is_empty()) return;
  const TokenizerConfig& config = subject.tokenizer->config();
  if (config.codes != subject.model.config.codes || config.code_dim != subject.model.config.code_dim)
    throw Error(ErrorCode::invalid_argument,
                "trace: the tokenizer has " + std::to_string(config.codes) + " codes of dimension " +
                    std::to_string(config.code_dim) + ", the model " + std::to_string(subject.model.config.codes) +
                    " of " + std::to_string(subject.model.config.code_dim),
                "Use the tokenizer that the model was made for");
}

const char* reason(Need need) {
  switch (need) {
    case Need::tokens:
      return "the inputs hold no tokens";
    case Need::labels:
      return "the inputs hold no labels";
    case Need::image:
      return "the inputs hold no image";
    case Need::tokenizer:
      return "the checkpoint holds no tokenizer";
    case Need::average:
      return "the checkpoint holds no averaged weights";
    case Need::moments:
      return "the checkpoint holds no optimiser state";
  }
  return "";
}

}  // namespace

TraceSession::TraceSession(TraceSubject subject, const TensorFile& inputs, const TraceOptions& options,
                           Observer& observer)
    : subject_(std::move(subject)), options_(options), observer_(observer), layout_(subject_.model.config.sizes) {
  check_tokenizer(subject_);
  inputs_ = read_trace_inputs(inputs, subject_.model.config, stride_of(subject_.tokenizer), options.device);
  subject_.model = subject_.model.to(options.device);
  if (subject_.average) subject_.average = subject_.average->to(options.device);
  if (!subject_.tokenizer.is_empty()) {
    subject_.tokenizer->eval();
    subject_.tokenizer->to(options.device);
  }
}

std::string TraceSession::lacking(const std::vector<Need>& needs) const {
  const auto has = [&](Need need) {
    switch (need) {
      case Need::tokens:
        return !inputs_.tokens.empty();
      case Need::labels:
        return inputs_.labels.defined();
      case Need::image:
        return inputs_.image.defined();
      case Need::tokenizer:
        return !subject_.tokenizer.is_empty();
      case Need::average:
        return subject_.average.has_value();
      case Need::moments:
        return !subject_.moments.empty();
    }
    return false;
  };
  for (const Need need : needs) {
    if (!has(need)) return reason(need);
  }
  return "";
}

std::size_t TraceSession::scale_of(std::int64_t side) const {
  for (std::size_t i = 0; i < sizes().size(); ++i) {
    if (sizes()[i] == side) return i;
  }
  throw Error(ErrorCode::invalid_argument, "trace: the model has no scale of side " + std::to_string(side),
              "Its sides are " + c10::str(c10::IntArrayRef(std::vector<std::int64_t>(sizes().begin(), sizes().end()))));
}

BlockLayout TraceSession::blocks(std::int64_t steps, bool remainder_joins) const {
  const std::int64_t most = std::int64_t{sizes().back()} * sizes().back();
  if (steps < 1 || steps > most)
    throw Error(ErrorCode::invalid_argument, "trace: " + std::to_string(steps) + " steps per scale cannot be",
                "Use 1 to " + std::to_string(most) + ", the tokens of the largest scale");
  auto partitions = partitions_for_steps(sizes(), steps);
  for (BlockPartition& partition : partitions) {
    partition.remainder_joins = remainder_joins;
  }
  return {layout_, partitions};
}

SequenceTables TraceSession::tables(std::int64_t steps, bool remainder_joins) const {
  return {layout_, blocks(steps, remainder_joins), device()};
}

const ForwardRecord& TraceSession::forward_of(const char* what, const Model& model, const TokenBatch& batch,
                                              std::int64_t steps, bool remainder_joins) {
  const ForwardKey key{what, steps, remainder_joins};
  const auto found = forwards_.find(key);
  if (found != forwards_.end()) return found->second;
  const at::NoGradGuard no_gradients;
  const SequenceTables sequence = tables(steps, remainder_joins);
  ForwardRecord record;
  const ForwardTrace keep = [&](const std::string& name, const at::Tensor& value) {
    const bool hidden = name.starts_with("layer") || name == "final";
    record.seen[name] = hidden ? value.slice(0, 0, 1).clone() : value;
  };
  {
    const AutocastScope autocast(device(), precision());
    record.logits = forward_logits(model, batch, sequence, keep).to(at::kFloat);
  }
  record.targets = sequence_targets(batch, sequence);
  record.loss = sequence_loss(record.logits, record.targets);
  return forwards_.emplace(key, std::move(record)).first->second;
}

const ForwardRecord& TraceSession::forward(std::int64_t steps, bool remainder_joins) {
  return forward_of("model", subject_.model, inputs_.batch(), steps, remainder_joins);
}

const ForwardRecord& TraceSession::average_forward(std::int64_t steps) {
  return forward_of("average", *subject_.average, inputs_.batch(), steps, false);
}

const ForwardRecord& TraceSession::image_forward(std::int64_t steps) {
  TokenBatch batch{.tokens = {}, .sources = {}, .labels = inputs_.labels};
  for (const int side : sizes()) {
    batch.tokens.push_back(subject_.tokenizer->quantize(encoded(side)).flatten(1));
  }
  batch.sources = batch.tokens;
  return forward_of("image", subject_.model, batch, steps, false);
}

const SampleBatch& TraceSession::greedy(double guidance, std::int64_t start, std::int64_t steps) {
  const std::tuple key{guidance, start, steps};
  const auto found = greedy_.find(key);
  if (found != greedy_.end()) return found->second;
  if (!sampler_) sampler_ = std::make_unique<Sampler>(subject_.model, device(), precision());
  const SamplingSettings settings{.steps_per_scale = steps,
                                  .guidance = guidance,
                                  .guidance_start_step = start,
                                  .temperature = 0,
                                  .record_entropy = true};
  const at::Tensor indices = at::arange(inputs_.labels.size(0), at::kLong);
  return greedy_.emplace(key, sampler_->sample(inputs_.labels, indices, settings, observer_)).first->second;
}

const at::Tensor& TraceSession::encoded(std::int64_t side) {
  const at::NoGradGuard no_gradients;
  at::Tensor& latents = encoded_[sizes()[scale_of(side)]];
  if (!latents.defined())
    latents = subject_.tokenizer->encode(resize_images(inputs_.image, side * subject_.tokenizer->config().stride));
  return latents;
}

const at::Tensor& TraceSession::decoded(std::int64_t side) {
  const at::NoGradGuard no_gradients;
  at::Tensor& images = decoded_[side];
  if (!images.defined()) images = subject_.tokenizer->decode(greedy(1.5, 0, 4).tokens[scale_of(side)]);
  return images;
}

const at::Tensor& TraceSession::decoded_inputs() {
  const at::NoGradGuard no_gradients;
  if (!decoded_inputs_.defined()) decoded_inputs_ = subject_.tokenizer->decode(inputs_.tokens.back());
  return decoded_inputs_;
}

const TrainingRecord& TraceSession::trained() {
  if (!trained_) trained_ = std::make_unique<TrainingRecord>(record_training(*this, {}, kTrainSteps, observer_));
  return *trained_;
}

const TrainingRecord& TraceSession::resumed() {
  if (!resumed_)
    resumed_ = std::make_unique<TrainingRecord>(record_training(*this, subject_.moments, kResumeSteps, observer_));
  return *resumed_;
}

}  // namespace checkerlab::model
