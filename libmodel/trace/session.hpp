// The state of one trace: subject and inputs on the device, and what was computed already. Internal to trace/.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "libmodel/order/layout.hpp"
#include "libmodel/sampling/sampler.hpp"
#include "libmodel/trace/inputs.hpp"
#include "libmodel/trace/trace.hpp"
#include "libmodel/transformer/sequence_tables.hpp"

namespace checkerlab::model {

// What a quantity cannot do without.
enum class Need { tokens, labels, image, tokenizer, average, moments };

// A teacher-forced forward; hidden states of the first item alone.
struct ForwardRecord {
  std::map<std::string, at::Tensor> seen;  // see ForwardTrace
  at::Tensor logits, targets, loss;        // [B, L, V] fp32, [B, L], []
};

// AdamW steps on the inputs, fp64 on the CPU; rows are the parameters in the released order.
struct TrainingRecord {
  at::Tensor losses, gradient_norms;            // [steps]
  at::Tensor loss_after;                        // []
  at::Tensor first_gradients, parameter_norms;  // [parameters, 2]: sum and L2 norm
};

class TraceSession {
 public:
  TraceSession(TraceSubject subject, const TensorFile& inputs, const TraceOptions& options, Observer& observer);

  const Model& model() const { return subject_.model; }
  const TraceSubject& subject() const { return subject_; }
  const TraceInputs& inputs() const { return inputs_; }
  const ScaleLayout& layout() const { return layout_; }
  const std::vector<int>& sizes() const { return layout_.sizes; }
  const std::vector<std::string>& notes() const { return inputs_.notes; }
  c10::Device device() const { return options_.device; }
  Precision precision() const { return options_.precision; }

  // Why something with these needs cannot be computed; empty when it can.
  std::string lacking(const std::vector<Need>& needs) const;

  // Index of the scale of that side. Throws Error(invalid_argument) when the model has none.
  std::size_t scale_of(std::int64_t side) const;
  // 1 ≤ steps ≤ tokens of the largest scale, else throws Error(invalid_argument).
  BlockLayout blocks(std::int64_t steps, bool remainder_joins) const;
  SequenceTables tables(std::int64_t steps, bool remainder_joins) const;

  // Each computed once.
  const ForwardRecord& forward(std::int64_t steps, bool remainder_joins = false);
  const ForwardRecord& average_forward(std::int64_t steps);
  const ForwardRecord& image_forward(std::int64_t steps);
  const SampleBatch& greedy(double guidance, std::int64_t start, std::int64_t steps);
  const at::Tensor& encoded(std::int64_t side);  // latents [B, D, S, S] of the image
  const at::Tensor& decoded(std::int64_t side);  // images of greedy cfg1.5start0.P4
  const at::Tensor& decoded_inputs();            // images of the largest scale's tokens
  const TrainingRecord& trained();
  const TrainingRecord& resumed();

 private:
  using ForwardKey = std::tuple<std::string, std::int64_t, bool>;
  const ForwardRecord& forward_of(const char* what, const Model& model, const TokenBatch& batch, std::int64_t steps,
                                  bool remainder_joins);

  TraceSubject subject_;
  TraceOptions options_;
  Observer& observer_;
  ScaleLayout layout_;
  TraceInputs inputs_;
  std::unique_ptr<Sampler> sampler_;
  std::map<ForwardKey, ForwardRecord> forwards_;
  std::map<std::tuple<double, std::int64_t, std::int64_t>, SampleBatch> greedy_;
  std::map<std::int64_t, at::Tensor> encoded_, decoded_;
  at::Tensor decoded_inputs_;
  std::unique_ptr<TrainingRecord> trained_, resumed_;
};

// trace/training_record.cpp: `steps` AdamW steps of the recipe in docs/model.md with blocks of 4 steps per scale, going
// on from `moments` (empty: from none).
TrainingRecord record_training(const TraceSession& session, const std::map<std::string, Moments>& moments, int steps,
                               Observer& observer);

}  // namespace checkerlab::model
