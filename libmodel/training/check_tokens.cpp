#include <ATen/ATen.h>

#include <string>

#include "base/error.hpp"
#include "libmodel/training/batches.hpp"

namespace checkerlab::model {
namespace {

[[noreturn]] void refuse(const std::string& what) {
  throw Error(ErrorCode::invalid_argument, "training tokens: " + what);
}

void check_labels(const at::Tensor& labels, const ModelConfig& config) {
  if (!labels.defined() || labels.dim() != 1 || labels.scalar_type() != at::kLong || labels.size(0) == 0)
    refuse("the labels must be a list of int64 that is not empty");
  const auto lowest = labels.min().item<std::int64_t>(), highest = labels.max().item<std::int64_t>();
  if (lowest < 0 || highest >= config.classes)
    refuse("the data set has labels up to " + std::to_string(highest) + ", the model has " +
           std::to_string(config.classes) + " classes");
}

}  // namespace

void check_tokens(const TokenSource& tokens, const ModelConfig& config) {
  check_labels(tokens.all_labels(), config);
  tokens.check(config.sizes, config.codes);
}

}  // namespace checkerlab::model
