#include <ATen/ATen.h>

#include <string>

#include "base/error.hpp"
#include "libmodel/training/batches.hpp"

namespace checkerlab::model {
namespace {

[[noreturn]] void refuse(const std::string& what) {
  throw Error(ErrorCode::invalid_argument, "training tokens: " + what);
}

void check_labels(const TokenSet& tokens, const ModelConfig& config) {
  if (!tokens.labels.defined() || tokens.labels.dim() != 1 || tokens.labels.scalar_type() != at::kLong ||
      tokens.labels.size(0) == 0)
    refuse("the labels must be a list of int64 that is not empty");
  const auto lowest = tokens.labels.min().item<std::int64_t>(), highest = tokens.labels.max().item<std::int64_t>();
  if (lowest < 0 || highest >= config.classes)
    refuse("the data set has labels up to " + std::to_string(highest) + ", the model has " +
           std::to_string(config.classes) + " classes");
}

void check_scale(const TokenSet& tokens, const ModelConfig& config, int side, std::int64_t crops) {
  const auto found = tokens.tokens.find(side);
  if (found == tokens.tokens.end()) refuse("there are none of side " + std::to_string(side));
  const at::Tensor& list = found->second;
  const std::vector<std::int64_t> shape{tokens.labels.size(0), crops, std::int64_t{side} * side};
  if (list.scalar_type() != at::kShort || list.sizes() != at::IntArrayRef(shape))
    refuse("those of side " + std::to_string(side) + " are " + c10::str(list.scalar_type(), " ", list.sizes()) +
           ", int16 " + c10::str(at::IntArrayRef(shape)) + " is needed");
  if (list.min().item<std::int64_t>() < 0 || list.max().item<std::int64_t>() >= config.codes)
    refuse("those of side " + std::to_string(side) + " name codes outside the codebook of " +
           std::to_string(config.codes));
}

}  // namespace

void check_token_set(const TokenSet& tokens, const ModelConfig& config) {
  check_labels(tokens, config);
  const auto largest = tokens.tokens.find(config.grid());
  if (largest == tokens.tokens.end() || largest->second.dim() != 3 || largest->second.size(1) < 1)
    refuse("there are none of side " + std::to_string(config.grid()) + " in the shape [images, crops, side²]");
  for (const int side : config.sizes) {
    check_scale(tokens, config, side, largest->second.size(1));
  }
}

}  // namespace checkerlab::model
