// Sums of gradients over ranks, on their way while backward goes on.
//
// Gradients are views into buckets of about 25 MB. When the last gradient of a bucket is complete, its sum over the
// ranks starts (on NCCL's stream, or in the thread of the CPU communicator) and backward continues. Buckets go in the
// same order on every rank: the order in which gradients came in the first step on rank 0, before that the reverse of
// the parameters' order. A parameter that got no gradient counts as zeros where another rank has one, and has none
// afterwards where no rank has.
//
// The result is the sum, not the mean: weigh every piece's loss by its part of the global batch, and
// the sum is the gradient of the global batch's mean loss. The sum of an element does not depend on buckets, so results
// are those of reduce_gradients(), bit for bit, on communicators that sum in rank order. A rank that accumulates the
// pieces itself, in rank order, gets the same bits as well: ((g0 + g1) + g2) + ….
//
// With one rank nothing is done: gradients stay where autograd puts them. Use: begin_step(); backward of all pieces but
// the last; expect_last_backward(); the last backward; finish(). Before expect_last_backward() a step may be left for
// the next begin_step(). Throws Error of the communicator, from backward() too, and internal where the order is broken.
// Not thread-safe; the communicator must outlive it. fp32 parameters of one device.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "libmodel/distributed/communicator.hpp"

namespace checkerlab::model {

inline constexpr std::int64_t kBucketBytes = 25 << 20;

class GradientBuckets {
 public:
  // `parameters`: leaves that require gradients, in the order of their use.
  GradientBuckets(std::vector<at::Tensor> parameters, Communicator& ranks, std::int64_t bucket_bytes = kBucketBytes);
  ~GradientBuckets();
  GradientBuckets(const GradientBuckets&) = delete;
  GradientBuckets& operator=(const GradientBuckets&) = delete;

  // Forgets every gradient.
  void begin_step();
  // The next backward() completes the gradients: their sums start during it.
  void expect_last_backward();
  // Starts what is left. CPU: the gradients are the sums when it returns. CUDA: they are for the current stream.
  void finish();

  // Sums that were started before finish() in the last step, of how many.
  std::int64_t started_early() const;
  std::int64_t buckets() const;

 private:
  class State;
  std::shared_ptr<State> state_;  // nothing with one rank
};

// The plain way, for comparison: sums every gradient over the ranks after backward, one by one.
void reduce_gradients(const std::vector<at::Tensor>& parameters, Communicator& ranks);

}  // namespace checkerlab::model
