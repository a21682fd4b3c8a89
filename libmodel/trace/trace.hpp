// Every intermediate and result of a model that a comparison with another implementation may want, computed by name.
//
// Names and shapes are those of docs/model.md, "Trace": `logits.4`, `greedy.cfg1.5start5.P8.tokens.16`, `train.losses`,
// … Numbers in a name are free: steps per scale, sides, layers, guidance. What is teacher-forced uses the inputs'
// tokens and labels with fixed blocks; tokens are decoded and images encoded in fp32 whatever the precision.
//
// Inputs: `labels` [B] int64, `tokens.S` [B, S, S] int64 for every scale, `image` [B, 3, H, H] in [−1, 1] of any
// floating type, `rmsnorm.in` [.., C]. All are optional: what they do not allow is left out.
#pragma once

#include <c10/core/Device.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "libmodel/device.hpp"
#include "libmodel/observer.hpp"
#include "libmodel/tokenizer/vq_tokenizer.hpp"
#include "libmodel/training/optimizer.hpp"
#include "libmodel/transformer/head.hpp"
#include "libmodel/transformer/model.hpp"

namespace checkerlab::model {

struct TraceSubject {
  Model model;
  std::optional<Model> average;            // for `ema.*`
  VqTokenizer tokenizer{nullptr};          // for what encodes and decodes; may be empty
  std::map<std::string, Moments> moments;  // for `resume.*`, by parameter; may be empty
  double head_pull = kHeadPull;            // for training rows of models with a head perceptron
};

struct TraceOptions {
  std::vector<std::string> only;  // empty: everything that subject and inputs allow
  c10::Device device = c10::kCPU;
  Precision precision = Precision::fp32;
};

struct TraceResult {
  std::map<std::string, at::Tensor> tensors;  // on the CPU; fp32, fp64, int64 or uint8
  std::vector<std::string> notes;             // what was left out, and why
};

// Reports progress in quantities. Throws Error(invalid_argument) for an unknown name (with near ones), for a name that
// lacks an input, and for inputs that do not fit the model; cancelled.
TraceResult trace_model(TraceSubject subject, const TensorFile& inputs, const TraceOptions& options,
                        Observer& observer);

}  // namespace checkerlab::model
