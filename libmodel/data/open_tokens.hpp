#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "libmodel/data/token_source.hpp"

namespace checkerlab::model {

struct OpenedTokens {
  std::unique_ptr<TokenSource> source;
  std::vector<int> sides;            // ascending
  std::vector<std::string> classes;  // empty where the cache does not name them
};

// A token cache in either format: the released one (a folder with one NAME_metadata.json, or that file), memory-mapped;
// or ours (a folder with a tokens_SIDE.safetensors a side, as `write_token_caches` leaves it), read into memory.
// `codebook` [codes, code_dim]: what the tokens name. Throws Error(not_found, invalid_data, io_error) naming the file.
OpenedTokens open_tokens(const std::filesystem::path& path, const at::Tensor& codebook);

}  // namespace checkerlab::model
