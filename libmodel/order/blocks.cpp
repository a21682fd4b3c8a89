#include "libmodel/order/blocks.hpp"

#include <algorithm>
#include <string>

#include "base/error.hpp"
#include "libmodel/random/philox.hpp"

namespace checkerlab::model {

std::vector<std::int64_t> BlockPartition::block_lengths() const {
  std::vector<std::int64_t> lengths(static_cast<std::size_t>(tokens() / block_size), block_size);
  if (remainder() == 0) return lengths;
  if (remainder_joins) {
    lengths.back() += remainder();
  } else {
    lengths.push_back(remainder());
  }
  return lengths;
}

BlockPartition partition_for_steps(int side, std::int64_t steps_per_scale) {
  if (steps_per_scale < 1)
    throw Error(ErrorCode::invalid_argument, std::to_string(steps_per_scale) + " steps per scale cannot be",
                "Use at least one step per scale");
  const std::int64_t tokens = std::int64_t{side} * side;
  return {.side = side, .block_size = std::max<std::int64_t>(1, tokens / steps_per_scale)};
}

std::vector<BlockPartition> partitions_for_steps(const std::vector<int>& sizes, std::int64_t steps_per_scale) {
  std::vector<BlockPartition> partitions;
  for (const int side : sizes) {
    partitions.push_back(partition_for_steps(side, steps_per_scale));
  }
  return partitions;
}

std::vector<BlockPartition> partitions_for_steps(const std::vector<int>& sizes,
                                                 const std::vector<std::int64_t>& steps_of_scales) {
  if (steps_of_scales.size() != sizes.size())
    throw Error(ErrorCode::invalid_argument,
                std::to_string(steps_of_scales.size()) + " numbers of steps were given for " +
                    std::to_string(sizes.size()) + " scales",
                "Give one number for all scales, or one for each");
  std::vector<BlockPartition> partitions;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const std::int64_t tokens = std::int64_t{sizes[i]} * sizes[i];
    if (steps_of_scales[i] > tokens)
      throw Error(ErrorCode::invalid_argument,
                  std::to_string(steps_of_scales[i]) + " steps are more than the " + std::to_string(tokens) +
                      " tokens of the scale of side " + std::to_string(sizes[i]),
                  "Use 1 to " + std::to_string(tokens) + " steps for this scale");
    partitions.push_back(partition_for_steps(sizes[i], steps_of_scales[i]));
  }
  return partitions;
}

std::int64_t total_steps(const std::vector<int>& sizes, std::int64_t steps_per_scale) {
  std::int64_t steps = 0;
  for (const BlockPartition& partition : partitions_for_steps(sizes, steps_per_scale)) {
    steps += (partition.tokens() + partition.block_size - 1) / partition.block_size;
  }
  return steps;
}

std::vector<std::int64_t> training_block_sizes(int side) {
  std::vector<std::int64_t> sizes;
  for (std::int64_t x = 1; x <= side; ++x) {
    sizes.push_back(x);
  }
  for (std::int64_t x = side - 1; x >= 1; --x) {
    sizes.push_back(std::int64_t{side} * side / x);
  }
  return sizes;
}

BlockPartition draw_training_partition(int side, std::uint32_t size_word, std::uint32_t join_word) {
  const std::vector<std::int64_t> sizes = training_block_sizes(side);
  const auto choice = uniform_below(size_word, static_cast<std::uint32_t>(sizes.size()));
  return {.side = side, .block_size = sizes[choice], .remainder_joins = (join_word >> 31) == 1};
}

}  // namespace checkerlab::model
