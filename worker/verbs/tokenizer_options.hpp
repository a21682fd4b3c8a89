// Options that the verbs around the tokenizer share.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "libmodel/tokenizer/vq_tokenizer.hpp"

namespace checkerlab::worker {

struct TokenizerOptions {
  std::filesystem::path tokenizer, config;
  std::filesystem::path images;
  std::int64_t image_size = 256;
  std::string split = "train";
  std::vector<int> sides;
  std::int64_t threads = 0;  // 0: as many as the machine has
  std::int64_t max_corrupt = 0;
  std::string device = "auto";

  // Adds all of them.
  void configure(CLI::App& command);

  // The tokenizer, in evaluation mode on the CPU. Throws Error.
  [[nodiscard]] model::VqTokenizer load() const;
  [[nodiscard]] std::int64_t thread_count() const;
  // The token sides asked for, or else the sizes of ratio 2 for these images. Throws Error(invalid_argument) when the
  // image size is not a multiple of the stride.
  [[nodiscard]] std::vector<std::int64_t> sides_or_pyramid(const model::TokenizerConfig& tokenizer) const;
};

}  // namespace checkerlab::worker
