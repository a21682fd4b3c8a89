#include "libmodel/training/batches.hpp"

#include <ATen/ATen.h>

#include "libmodel/random/draws.hpp"

namespace checkerlab::model {
namespace {

// More than a pyramid can have: streams of different steps never meet.
constexpr std::uint64_t kMaxScales = 256;

}  // namespace

BatchSource::BatchSource(const TrainConfig& config, const TokenSet& tokens, c10::Device device)
    : config_(config), set_(tokens), device_(device), layout_(config.model.sizes) {
  check_token_set(tokens, config.model);
  items_ = tokens.labels.size(0);
  crops_ = tokens.tokens.at(config.model.grid()).size(1);
}

std::int64_t BatchSource::item(std::int64_t position) {
  const std::int64_t epoch = position / items_;
  auto found = orders_.find(epoch);
  if (found == orders_.end()) {
    orders_.erase(orders_.begin(), orders_.lower_bound(epoch - 1));
    const auto stream = static_cast<std::uint64_t>(epoch);
    found =
        orders_.emplace(epoch, random_permutation(config_.seed, RandomDomain::training_order, stream, items_)).first;
  }
  return found->second[static_cast<std::size_t>(position % items_)];
}

TokenBatch BatchSource::batch(std::int64_t step) {
  std::vector<std::int64_t> items, rows;
  for (std::int64_t i = 0; i < config_.batch; ++i) {
    items.push_back(item(step * config_.batch + i));
    const auto word = random_words(config_.seed, RandomDomain::training_crop, static_cast<std::uint64_t>(step), 0,
                                   static_cast<std::uint32_t>(i));
    rows.push_back(items.back() * crops_ + uniform_below(word.x, static_cast<std::uint32_t>(crops_)));
  }
  const at::Tensor row_list = at::tensor(rows, at::kLong);
  TokenBatch batch;
  for (const int side : config_.model.sizes) {
    batch.tokens.push_back(set_.tokens.at(side).flatten(0, 1).index_select(0, row_list).to(at::kLong));
  }
  batch.sources = sources(step, batch.tokens);
  batch.labels = labels(step, at::tensor(items, at::kLong)).to(device_);
  for (std::size_t i = 0; i < batch.tokens.size(); ++i) {
    batch.tokens[i] = batch.tokens[i].to(device_);
    batch.sources[i] = batch.sources[i].to(device_);
  }
  return batch;
}

at::Tensor BatchSource::labels(std::int64_t step, const at::Tensor& items) const {
  const at::Tensor kept = set_.labels.index_select(0, items);
  if (config_.label_dropout == 0) return kept;
  const at::Tensor draws =
      uniform_tensor(config_.seed, RandomDomain::training_label, static_cast<std::uint64_t>(step), items.sizes());
  return kept.masked_fill(draws < config_.label_dropout, config_.model.classes);
}

// The last scale is nobody's source and stays as it is.
std::vector<at::Tensor> BatchSource::sources(std::int64_t step, const std::vector<at::Tensor>& tokens) const {
  if (config_.source_replacement == 0 || tokens.size() == 1) return tokens;
  std::vector<at::Tensor> replaced;
  for (std::size_t scale = 0; scale + 1 < tokens.size(); ++scale) {
    const std::uint64_t stream = static_cast<std::uint64_t>(step) * 2 * kMaxScales + 2 * scale;
    const auto shape = tokens[scale].sizes();
    const at::Tensor draws = uniform_tensor(config_.seed, RandomDomain::training_source, stream, shape);
    const at::Tensor codes = uniform_tensor(config_.seed, RandomDomain::training_source, stream + 1, shape)
                                 .mul_(config_.model.codes)
                                 .to(at::kLong)
                                 .clamp_max_(config_.model.codes - 1);
    replaced.push_back(at::where(draws < config_.source_replacement, codes, tokens[scale]));
  }
  replaced.push_back(tokens.back());
  return replaced;
}

SequenceTables BatchSource::tables(std::int64_t step) const {
  std::vector<BlockPartition> partitions;
  if (config_.fixed_steps_per_scale > 0) {
    partitions = partitions_for_steps(layout_.sizes, config_.fixed_steps_per_scale);
  } else {
    for (std::size_t scale = 0; scale < layout_.sizes.size(); ++scale) {
      const PhiloxWords words = random_words(config_.seed, RandomDomain::training_blocks,
                                             static_cast<std::uint64_t>(step), 0, static_cast<std::uint32_t>(scale));
      partitions.push_back(draw_training_partition(layout_.sizes[scale], words.x, words.y));
    }
  }
  return {layout_, BlockLayout(layout_, partitions), device_};
}

}  // namespace checkerlab::model
