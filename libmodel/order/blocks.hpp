// How the tokens of a scale are cut into blocks that are predicted at once. Pure functions.
#pragma once

#include <cstdint>
#include <vector>

namespace checkerlab::model {

// The cut of one scale: blocks of `block_size` tokens in checkerboard order; when the size does not divide side², the
// remainder forms one more, smaller block or, with `remainder_joins`, becomes part of the last full block.
struct BlockPartition {
  int side = 0;
  std::int64_t block_size = 0;
  bool remainder_joins = false;

  std::int64_t tokens() const { return std::int64_t{side} * side; }
  std::int64_t remainder() const { return tokens() % block_size; }
  // Tokens of each block, in order; they sum to side².
  std::vector<std::int64_t> block_lengths() const;
};

// The cut at inference: block size max(1, ⌊side² / steps⌋). steps ≥ 1.
BlockPartition partition_for_steps(int side, std::int64_t steps_per_scale);
std::vector<BlockPartition> partitions_for_steps(const std::vector<int>& sizes, std::int64_t steps_per_scale);
// The same with a number for every scale. Throws Error(ErrorCode::invalid_argument) unless there is one number a scale,
// each from 1 to the scale's number of tokens.
std::vector<BlockPartition> partitions_for_steps(const std::vector<int>& sizes,
                                                 const std::vector<std::int64_t>& steps_of_scales);

// The real number of steps of a sample, Σ over scales of ⌈side² / block⌉.
std::int64_t total_steps(const std::vector<int>& sizes, std::int64_t steps_per_scale);

// The block sizes that training draws from with equal probability, 2·side − 1 of them: 1 … side and ⌊side² / x⌋ for x <
// side.
std::vector<std::int64_t> training_block_sizes(int side);

// One draw for training. `size_word` picks the block size, `join_word` whether a remainder joins (probability ½); both
// are uniform 32-bit numbers.
BlockPartition draw_training_partition(int side, std::uint32_t size_word, std::uint32_t join_word);

}  // namespace checkerlab::model
