#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <vector>

namespace checkerlab::model {

// The structure of a VQ autoencoder. The published one: channels 128, multipliers 1 1 2 2 4, two residual blocks,
// z_channels 256, attention, 4096 codes of 8 dimensions, 32 groups; its stride is 2^4 = 16.
struct TokenizerConfig {
  std::int64_t stride = 16;               // pixels along a side of one token = 2^(levels - 1)
  std::int64_t channels = 128;            // base width
  std::vector<std::int64_t> multipliers;  // width of each level over `channels`, finest level first
  std::int64_t res_blocks = 2;            // residual blocks a level (the decoder has one more)
  std::int64_t z_channels = 256;
  bool attention = true;  // at the deepest level and in the middle
  std::int64_t codes = 4096;
  std::int64_t code_dim = 8;
  std::int64_t groups = 32;  // GroupNorm groups; every level's width is a multiple

  [[nodiscard]] std::int64_t level_width(std::size_t level) const { return channels * multipliers.at(level); }

  friend bool operator==(const TokenizerConfig&, const TokenizerConfig&) = default;
};

// GroupNorm groups for a base width: 32 (the published number) from 128 channels on, below that one group for every
// four channels, so that a 1x1 map still carries information through a normalisation. Throws Error when the width is
// not a multiple of four.
std::int64_t groups_for_width(std::int64_t channels);

// Throws Error when a value is out of range, stride is not 2^(levels - 1), or widths do not divide by the groups.
void check_tokenizer_config(const TokenizerConfig& config);

nlohmann::json to_json_object(const TokenizerConfig& config);

// Reads {stride, channels, multipliers, res_blocks, z_channels, attention, codes, code_dim} and, where given, groups
// (else `groups_for_width`). Other keys are ignored: the parameters of a training job may be given as they are.
// Checked.
TokenizerConfig tokenizer_config_from_json(const nlohmann::json& object);

}  // namespace checkerlab::model
