#include "libmodel/order/layout.hpp"

#include <string>

#include "base/error.hpp"

namespace checkerlab::model {

ScaleLayout::ScaleLayout(const std::vector<int>& scale_sides, ScanOrder scan, std::uint64_t seed) : sizes(scale_sides) {
  std::int64_t offset = 0;
  for (const int side : sizes) {
    offsets.push_back(offset);
    for (const std::int64_t place : grid_scan(scan, side, seed)) {
      order.push_back(offset + place);
    }
    offset += std::int64_t{side} * side;
  }
  offsets.push_back(offset);
}

BlockLayout::BlockLayout(const ScaleLayout& layout, const std::vector<BlockPartition>& partitions) {
  if (partitions.size() != layout.sizes.size())
    throw Error(ErrorCode::internal,
                "a block layout needs one partition per scale: " + std::to_string(partitions.size()) + " for " +
                    std::to_string(layout.sizes.size()) + " scales");
  for (std::size_t scale = 0; scale < partitions.size(); ++scale) {
    const std::int64_t start = layout.offsets[scale];
    const std::int64_t block_size = partitions[scale].block_size;
    std::int64_t begin = start;
    for (const std::int64_t length : partitions[scale].block_lengths()) {
      blocks.push_back({static_cast<int>(scale), begin, begin + length});
      for (std::int64_t i = begin; i < begin + length; ++i) {
        // A remainder that joined its block lies one block size behind that block's own tokens: it has no previous
        // block.
        const bool has_previous = begin > start && i - block_size < begin;
        previous.push_back(has_previous ? i - block_size : kEmpty);
        visible.push_back(begin + length);
      }
      begin += length;
    }
  }
}

std::vector<std::int64_t> BlockLayout::lengths() const {
  std::vector<std::int64_t> lengths;
  for (const Block& block : blocks) {
    lengths.push_back(block.end - block.begin);
  }
  return lengths;
}

}  // namespace checkerlab::model
