// Tokenizers as the released code keeps them: inside a model's checkpoint under `autoenc.`, or in a file of their own.
#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "libmodel/checkpoint/released/state_dict.hpp"
#include "libmodel/tokenizer/vq_tokenizer.hpp"

namespace checkerlab::model {

inline constexpr const char* kTokenizerPrefix = "autoenc.";
inline constexpr const char* kReleasedCodebook = "quantize.embedding.parametrizations.weight.original";

struct ReleasedTokenizer {
  VqTokenizer tokenizer{nullptr};  // on the CPU, in evaluation mode
  // As far as stored: quantize.initialized [] bool, cluster_usage_train [codes].
  std::map<std::string, at::Tensor> buffers;
  std::vector<std::string> order;  // the names as the file had them; empty where there was none
};

// True for the names of tensors that are no parameters.
bool is_tokenizer_buffer(const std::string& name);

// True for a state dict (names without `autoenc.`) that looks like a tokenizer's.
bool holds_tokenizer(const StateDict& state);

// The structure that the tensors have. Throws Error(invalid_data) naming the file `where` and what is missing.
TokenizerConfig tokenizer_structure(const StateDict& state, const std::string& where);

// Builds the tokenizer of a state dict (names without `autoenc.`). With `config` its values must be those of the
// tensors. The codebook may also stand under quantize.embedding.weight. Throws Error(invalid_data) listing all tensors
// that are missing, of another shape or unknown.
ReleasedTokenizer tokenizer_from_state(const StateDict& state, const std::optional<TokenizerConfig>& config,
                                       const std::string& where);

// The reverse: names without prefix, in the order that they were read in; buffers that are not there get the values of
// a finished tokenizer.
NamedTensors tokenizer_state(const ReleasedTokenizer& tokenizer);

// A tokenizer file: {'state_dict': …}, {'model': …} or the tensors themselves. The structure comes from `config_path`,
// else from autoencoder_config.yaml beside it where there is one, else from the tensors alone.
ReleasedTokenizer read_released_tokenizer(const std::filesystem::path& file,
                                          const std::optional<std::filesystem::path>& config_path = std::nullopt);

}  // namespace checkerlab::model
