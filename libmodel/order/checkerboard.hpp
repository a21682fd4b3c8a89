// The progressive checkerboard order, which stands in base: figures of the order are drawn without LibTorch as well.
#pragma once

#include "base/order/checkerboard.hpp"

namespace checkerlab::model {

using checkerlab::checkerboard_rank;
using checkerlab::checkerboard_scan;
using checkerlab::kMaxGrid;

}  // namespace checkerlab::model
