#include "libmodel/data/token_set.hpp"

#include <ATen/ATen.h>

#include <algorithm>
#include <string>

#include "base/error.hpp"

namespace checkerlab::model {
namespace {

[[noreturn]] void refuse(const std::string& what) {
  throw Error(ErrorCode::invalid_argument, "training tokens: " + what);
}

const at::Tensor& tokens_of(const TokenSet& set, int side) {
  const auto found = set.tokens.find(side);
  if (found == set.tokens.end()) refuse("there are none of side " + std::to_string(side));
  return found->second;
}

void check_scale(const TokenSet& set, int side, std::int64_t crops, std::int64_t codes) {
  const at::Tensor& list = tokens_of(set, side);
  const std::vector<std::int64_t> shape{set.labels.size(0), crops, std::int64_t{side} * side};
  if (list.scalar_type() != at::kShort || list.sizes() != at::IntArrayRef(shape))
    refuse("those of side " + std::to_string(side) + " are " + c10::str(list.scalar_type(), " ", list.sizes()) +
           ", int16 " + c10::str(at::IntArrayRef(shape)) + " is needed");
  if (list.min().item<std::int64_t>() < 0 || list.max().item<std::int64_t>() >= codes)
    refuse("those of side " + std::to_string(side) + " name codes outside the codebook of " + std::to_string(codes));
}

}  // namespace

std::int64_t TokenSet::crop_count() const {
  return tokens.empty() || tokens.rbegin()->second.dim() != 3 ? 0 : tokens.rbegin()->second.size(1);
}

void TokenSet::check(const std::vector<int>& sides, std::int64_t codes) const {
  const int largest = *std::max_element(sides.begin(), sides.end());
  const auto found = tokens.find(largest);
  if (found == tokens.end() || found->second.dim() != 3 || found->second.size(1) < 1)
    refuse("there are none of side " + std::to_string(largest) + " in the shape [images, crops, side²]");
  for (const int side : sides)
    check_scale(*this, side, found->second.size(1), codes);
}

at::Tensor TokenSet::gather(const std::vector<std::int64_t>& items, const std::vector<std::int64_t>& crops,
                            int side) const {
  const at::Tensor& list = tokens_of(*this, side);
  std::vector<std::int64_t> rows(items.size());
  for (std::size_t i = 0; i < items.size(); ++i)
    rows[i] = items[i] * list.size(1) + crops.at(i);
  return list.flatten(0, 1).index_select(0, at::tensor(rows, at::kLong)).to(at::kLong);
}

}  // namespace checkerlab::model
