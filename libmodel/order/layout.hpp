// The one sequence that all scales make together: scale by scale, inside a scale in checkerboard order (or, for
// comparison, in another).
//
// Three numberings occur. *Sequence* position i counts tokens in the order they are predicted, 0 … L − 1 (the class
// token is not counted). *Global raster* index: row · side + column inside the scale plus the tokens of all smaller
// scales. *Raster* index: inside the scale. Plain values, immutable after construction.
#pragma once

#include <cstdint>
#include <vector>

#include "libmodel/order/blocks.hpp"
#include "libmodel/order/scan_order.hpp"

namespace checkerlab::model {

struct ScaleLayout {
  std::vector<int> sizes;  // ascending sides
  std::vector<std::int64_t>
      offsets;                      // first sequence position (and global raster index) of each scale; last entry is L
  std::vector<std::int64_t> order;  // [L] global raster index of sequence position i

  explicit ScaleLayout(const std::vector<int>& scale_sides, ScanOrder scan = ScanOrder::checkerboard,
                       std::uint64_t seed = 0);
  std::int64_t length() const { return offsets.back(); }
};

// One block: sequence positions [begin, end) of scale number `scale`.
struct Block {
  int scale = 0;
  std::int64_t begin = 0;
  std::int64_t end = 0;
};

// What a cut into blocks means for the sequence.
struct BlockLayout {
  static constexpr std::int64_t kEmpty = -1;

  std::vector<Block> blocks;  // in order of prediction
  std::vector<std::int64_t>
      previous;  // [L] sequence position of the token one block earlier in the same scale, or kEmpty
  std::vector<std::int64_t>
      visible;  // [L] tokens that position i attends to: all before visible[i] (class token not counted)

  // One partition per scale of the layout, in order.
  BlockLayout(const ScaleLayout& layout, const std::vector<BlockPartition>& partitions);
  // Tokens of each block.
  std::vector<std::int64_t> lengths() const;
};

}  // namespace checkerlab::model
