// autoencoder_config.yaml of a released tokenizer: model.params with ddconfig, embed_dim, n_embed, normalize.
#pragma once

#include <filesystem>
#include <string>

#include "libmodel/tokenizer/config.hpp"

namespace checkerlab::model {

inline constexpr const char* kAutoencoderConfigName = "autoencoder_config.yaml";

// Keys of ddconfig that may be missing: ch 128, ch_mult [1, 1, 2, 2, 4], num_res_blocks 2, z_channels 256. Throws
// Error(invalid_data) naming the file and the key: broken YAML, missing or unknown keys, and what this program does not
// build (codes that are not normalised, other normalisations, resampling without convolutions, images of other than
// three channels).
TokenizerConfig parse_autoencoder_config(const std::string& text, const std::string& where);
TokenizerConfig read_autoencoder_config(const std::filesystem::path& file);

// The file for a tokenizer. Throws Error(invalid_argument) for one that the released code cannot build.
std::string autoencoder_config_text(const TokenizerConfig& config);

}  // namespace checkerlab::model
