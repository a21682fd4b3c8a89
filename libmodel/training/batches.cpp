#include "libmodel/training/batches.hpp"

#include <ATen/ATen.h>

#include <string>

#include "base/error.hpp"
#include "libmodel/random/draws.hpp"

namespace checkerlab::model {
namespace {

// More than a pyramid can have: streams of different batches never meet.
constexpr std::uint64_t kMaxScales = 256;

// A copy on the device that does not wait for the work queued there.
at::Tensor sent(const at::Tensor& tensor, c10::Device device) {
  return device.is_cuda() ? tensor.pin_memory().to(device, /*non_blocking=*/true) : tensor.to(device);
}

}  // namespace

BatchSource::BatchSource(const TrainConfig& config, const TokenSource& tokens, c10::Device device, BatchShare share)
    : config_(config), source_(tokens), device_(device), layout_(config.model.sizes) {
  check_tokens(tokens, config.model);
  items_ = tokens.all_labels().size(0);
  crops_ = tokens.crop_count();
  if (config.batch % share.ranks != 0)
    throw Error(ErrorCode::invalid_argument,
                "training: a batch of " + std::to_string(config.batch) + " does not divide among " +
                    std::to_string(share.ranks) + " ranks",
                "Use a batch that is a multiple of the number of ranks");
  share_size_ = config.batch / share.ranks;
  share_begin_ = share.rank * share_size_;
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

TokenBatch BatchSource::batch(std::int64_t number) {
  std::vector<std::int64_t> items, crops;
  for (std::int64_t i = share_begin_; i < share_begin_ + share_size_; ++i) {
    items.push_back(item(number * config_.batch + i));
    const auto word = random_words(config_.seed, RandomDomain::training_crop, static_cast<std::uint64_t>(number), 0,
                                   static_cast<std::uint32_t>(i));
    crops.push_back(uniform_below(word.x, static_cast<std::uint32_t>(crops_)));
  }
  const at::Tensor drawn = tokens(items, crops);
  TokenBatch batch;
  batch.tokens = scales(sent(drawn, device_));
  batch.sources = config_.source_replacement == 0 ? batch.tokens : scales(sent(sources(number, drawn), device_));
  batch.labels = sent(labels(number, source_.all_labels().index_select(0, at::tensor(items, at::kLong))), device_);
  return batch;
}

// [rows, Σ side²] int16: the scales one after the other.
at::Tensor BatchSource::tokens(const std::vector<std::int64_t>& items, const std::vector<std::int64_t>& crops) const {
  std::vector<at::Tensor> scales;
  for (const int side : config_.model.sizes) {
    scales.push_back(source_.gather(items, crops, side).to(at::kShort));
  }
  return at::cat(scales, 1);
}

at::Tensor BatchSource::labels(std::int64_t number, const at::Tensor& kept) const {
  if (config_.label_dropout == 0) return kept;
  const at::Tensor draws =
      uniform_tensor(config_.seed, RandomDomain::training_label, static_cast<std::uint64_t>(number), {config_.batch});
  return kept.masked_fill(share(draws) < config_.label_dropout, config_.model.classes);
}

// The last scale is nobody's source and stays as it is.
at::Tensor BatchSource::sources(std::int64_t number, const at::Tensor& tokens) const {
  at::Tensor replaced = tokens.clone();
  for (std::size_t scale = 0; scale + 1 < layout_.sizes.size(); ++scale) {
    const std::uint64_t stream = static_cast<std::uint64_t>(number) * 2 * kMaxScales + 2 * scale;
    const std::int64_t begin = layout_.offsets[scale], length = layout_.offsets[scale + 1] - begin;
    const at::Tensor draws =
        uniform_tensor(config_.seed, RandomDomain::training_source, stream, {config_.batch, length});
    const at::Tensor codes =
        uniform_tensor(config_.seed, RandomDomain::training_source, stream + 1, {config_.batch, length})
            .mul_(config_.model.codes)
            .to(at::kLong)
            .clamp_max_(config_.model.codes - 1)
            .to(at::kShort);
    at::Tensor part = replaced.narrow(1, begin, length);
    part.copy_(at::where(share(draws) < config_.source_replacement, share(codes), part));
  }
  return replaced;
}

std::vector<at::Tensor> BatchSource::scales(const at::Tensor& tokens) const {
  const at::Tensor wide = tokens.to(at::kLong);
  std::vector<at::Tensor> parts;
  for (std::size_t i = 0; i < layout_.sizes.size(); ++i) {
    parts.push_back(wide.slice(1, layout_.offsets[i], layout_.offsets[i + 1]));
  }
  return parts;
}

std::vector<BlockPartition> BatchSource::partitions(std::int64_t number) const {
  if (config_.fixed_steps_per_scale > 0) return partitions_for_steps(layout_.sizes, config_.fixed_steps_per_scale);
  std::vector<BlockPartition> drawn;
  for (std::size_t scale = 0; scale < layout_.sizes.size(); ++scale) {
    const PhiloxWords words = random_words(config_.seed, RandomDomain::training_blocks,
                                           static_cast<std::uint64_t>(number), 0, static_cast<std::uint32_t>(scale));
    drawn.push_back(draw_training_partition(layout_.sizes[scale], words.x, words.y));
  }
  return drawn;
}

SequenceTables BatchSource::tables(std::int64_t number) const {
  SequenceTables tables(layout_, BlockLayout(layout_, partitions(number)), c10::kCPU);
  for (at::Tensor* table : {&tables.order, &tables.previous, &tables.own_rows, &tables.previous_rows, &tables.mask}) {
    *table = sent(*table, device_);
  }
  return tables;
}

TokenBatch items_of(const TokenBatch& batch, std::int64_t begin, std::int64_t count) {
  TokenBatch part{.tokens = {}, .sources = {}, .labels = batch.labels.narrow(0, begin, count)};
  for (const at::Tensor& scale : batch.tokens) {
    part.tokens.push_back(scale.narrow(0, begin, count));
  }
  for (const at::Tensor& scale : batch.sources) {
    part.sources.push_back(scale.narrow(0, begin, count));
  }
  return part;
}

}  // namespace checkerlab::model
