#include "libmodel/transformer/sequence_tables.hpp"

#include <ATen/ops/arange.h>
#include <ATen/ops/tensor.h>

#include <vector>

namespace checkerlab::model {
namespace {

at::Tensor to_tensor(const std::vector<std::int64_t>& values, c10::Device device) {
  return at::tensor(values, at::kLong).to(device);
}

}  // namespace

SequenceTables::SequenceTables(const ScaleLayout& layout, const BlockLayout& blocks, c10::Device device) {
  const std::int64_t length = layout.length(), class_row = length, empty_row = length + 1;
  std::vector<std::int64_t> before, own{class_row}, earlier{class_row}, visible{1};
  for (std::size_t i = 0; i < layout.order.size(); ++i) {
    const std::int64_t previous_position = blocks.previous[i];
    const bool empty = previous_position == BlockLayout::kEmpty;
    before.push_back(empty ? length : previous_position);
    own.push_back(layout.order[i]);
    earlier.push_back(empty ? empty_row : layout.order[static_cast<std::size_t>(previous_position)]);
    visible.push_back(blocks.visible[i] + 1);
  }
  order = to_tensor(layout.order, device);
  previous = to_tensor(before, device);
  own_rows = to_tensor(own, device);
  previous_rows = to_tensor(earlier, device);
  mask = at::arange(length + 1, order.options()).unsqueeze(0) < to_tensor(visible, device).unsqueeze(1);
}

}  // namespace checkerlab::model
