// Which gradients travel together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace checkerlab::model {

// Indices of the parameters of every bucket, in the order in which their gradients come (`order`, a permutation of the
// indices of `bytes`). A bucket is closed when the next gradient would take it beyond `limit` bytes; a gradient that is
// larger alone has a bucket of its own.
std::vector<std::vector<std::size_t>> plan_buckets(const std::vector<std::int64_t>& bytes,
                                                   const std::vector<std::size_t>& order, std::int64_t limit);

// `first` and then every index below `count` that is not in it, the last index first.
std::vector<std::size_t> completed_order(std::vector<std::size_t> first, std::size_t count);

}  // namespace checkerlab::model
