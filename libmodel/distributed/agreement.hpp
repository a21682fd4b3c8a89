// What ranks decide together.
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <string>

#include "libmodel/distributed/communicator.hpp"

namespace checkerlab::model {

// Lets all ranks stop after the same step, though the wish to stop comes to one of them at any time, and without a
// rank waiting for another: a wish counts one boundary later. Not thread-safe; the communicator must outlive it.
class StopAgreement {
 public:
  explicit StopAgreement(Communicator& ranks) : ranks_(ranks) {}

  // Called at the same boundaries on every rank. True on all of them when any wished to stop at the boundary before;
  // with one rank, when it wishes now.
  bool agreed(bool wish);

 private:
  Communicator& ranks_;
  at::Tensor wishes_;                          // [1] int64: of the boundary before
  std::unique_ptr<PendingOperation> pending_;  // their sum
};

// The text that rank 0 gives, on every rank.
std::string text_of_rank_zero(Communicator& ranks, const std::string& text);

// Throws Error(ErrorCode::version_mismatch) on a rank whose text is not rank 0's; `what` says what differs
// ("settings").
void expect_same_on_all_ranks(Communicator& ranks, const std::string& text, const std::string& what);

}  // namespace checkerlab::model
