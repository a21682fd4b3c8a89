#include "libmodel/training/token_files.hpp"

#include <algorithm>
#include <string>

#include "base/error.hpp"
#include "libmodel/data/token_cache.hpp"

namespace checkerlab::model {
namespace {

[[noreturn]] void refuse(const std::string& what) {
  throw Error(ErrorCode::invalid_data, "training tokens: " + what,
              "Give one token file for every size of the model, all made of the same images");
}

}  // namespace

TokenSet read_token_files(std::span<const std::filesystem::path> files, const std::vector<int>& sizes,
                          const at::Tensor& codebook) {
  TokenSet set;
  set.codebook = codebook.to(at::kCPU);
  for (const std::filesystem::path& file : files) {
    const TokenCache cache = read_token_cache(file);
    const int side = static_cast<int>(cache.side);
    if (!sizes.empty() && std::ranges::find(sizes, side) == sizes.end()) continue;
    if (set.labels.defined() && !set.labels.equal(cache.labels))
      refuse(file.string() + " is not of the same images as the files before it");
    set.labels = cache.labels;
    if (!set.tokens.emplace(side, cache.tokens).second)
      refuse(file.string() + " has the side " + std::to_string(side) + ", which another file has too");
  }
  for (const int side : sizes) {
    if (!set.tokens.contains(side)) refuse("there are none of side " + std::to_string(side));
  }
  return set;
}

}  // namespace checkerlab::model
