#include "libmodel/data/open_tokens.hpp"

#include <ATen/ATen.h>

#include <algorithm>

#include "base/error.hpp"
#include "libmodel/data/released_cache.hpp"
#include "libmodel/data/token_cache.hpp"
#include "libmodel/data/token_set.hpp"

namespace checkerlab::model {

namespace fs = std::filesystem;

namespace {

// The files tokens_*.safetensors of a folder, sorted; empty where it is none.
std::vector<fs::path> own_files(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const auto name = it->path().filename().string();
    if (name.starts_with("tokens_") && name.ends_with(".safetensors")) files.push_back(it->path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

OpenedTokens open_own(const std::vector<fs::path>& files, const at::Tensor& codebook) {
  auto set = std::make_unique<TokenSet>();
  set->codebook = codebook;
  OpenedTokens opened;
  for (const auto& file : files) {
    const auto cache = read_token_cache(file);
    if (set->labels.defined() && !set->labels.equal(cache.labels))
      throw Error(ErrorCode::invalid_data, "the token caches " + files.front().string() + " and " + file.string() +
                                               " are not of the same images");
    set->labels = cache.labels;
    set->tokens[static_cast<int>(cache.side)] = cache.tokens;
  }
  for (const auto& [side, tokens] : set->tokens)
    opened.sides.push_back(side);
  opened.source = std::move(set);
  return opened;
}

}  // namespace

OpenedTokens open_tokens(const fs::path& path, const at::Tensor& codebook) {
  std::error_code error;
  if (!fs::exists(path, error))
    throw Error(ErrorCode::not_found, "the token cache " + path.string() + " does not exist");
  const auto files = own_files(path);
  if (!files.empty()) return open_own(files, codebook);
  auto cache = std::make_unique<ReleasedCache>(path, codebook);
  OpenedTokens opened{nullptr, cache->metadata().sides, cache->metadata().classes};
  opened.source = std::move(cache);
  return opened;
}

}  // namespace checkerlab::model
