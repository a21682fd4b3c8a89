// A block layout as index tensors on a device. L tokens; sequences of L + 1 start with the class token. Immutable.
#pragma once

#include <ATen/core/Tensor.h>

#include "libmodel/order/layout.hpp"

namespace checkerlab::model {

struct SequenceTables {
  at::Tensor order;          // [L] int64: global raster index of sequence position i
  at::Tensor previous;       // [L] int64: sequence position of the token one block earlier, L for "empty"
  at::Tensor own_rows;       // [L + 1] int64: row of the rotary table (class token: T)
  at::Tensor previous_rows;  // [L + 1] int64: row of the previous block's token (class token: T, empty: T + 1)
  at::Tensor mask;           // [L + 1, L + 1] bool: query (row) attends to key (column)

  SequenceTables(const ScaleLayout& layout, const BlockLayout& blocks, c10::Device device);
};

}  // namespace checkerlab::model
