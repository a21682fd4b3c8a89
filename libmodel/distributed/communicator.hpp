// How the ranks of one data-parallel training talk: sums, a broadcast, a barrier.
//
// A training over N ranks is N callers (threads, or processes with one device each) that do the same operations in the
// same order, each on tensors of the same shapes and types. Rank 0 is the one that writes files and reports.
//
// Operations on CPU tensors are summed in the order of the ranks, ((t0 + t1) + t2) + …, so results do not depend on
// timing and are the same bytes on every rank. Operations on CUDA tensors are left to NCCL: the same bytes on every
// rank, and for two ranks the same sum; for more ranks the order of a sum is NCCL's (fixed for a given set-up).
//
// Failure. Nothing waits for ever: a rank whose process ended, or which called abort(), is noticed by the others at
// once, one whose process stands still after half a minute, one that does something else after the time-out that the
// communicator was made with. Then the operation that waits, and every
// later one, throws Error: unavailable (a rank is gone or gave up; names it and its reason) or timeout (silent; names
// it). A communicator that failed stays failed; the ranks are started again and go on from a checkpoint. Destroying a
// communicator that did not fail is leaving: a rank that still waits for this one gets the Error.
//
// Thread-safety: one thread at a time calls; abort() may come from any thread.
#pragma once

#include <ATen/core/Tensor.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace checkerlab::model {

// Longer than what one rank does alone while others wait: writing a checkpoint, above all.
inline constexpr std::chrono::milliseconds kRankTimeout = std::chrono::minutes(5);

// An operation that was started. Destroying it does not wait.
class PendingOperation {
 public:
  PendingOperation() = default;
  PendingOperation(const PendingOperation&) = delete;
  PendingOperation& operator=(const PendingOperation&) = delete;
  virtual ~PendingOperation() = default;

  // CPU tensors: returns when they hold the result. CUDA tensors: makes the current stream wait for the result and
  // returns; a failure after that is thrown by throw_if_failed(). Throws Error as above.
  virtual void wait() = 0;
};

class Communicator {
 public:
  Communicator() = default;
  Communicator(const Communicator&) = delete;
  Communicator& operator=(const Communicator&) = delete;
  virtual ~Communicator() = default;

  virtual int rank() const = 0;
  virtual int size() const = 0;

  // Replaces every tensor by its sum over all ranks, while the caller goes on. The tensors must be contiguous, all on
  // one device, of type fp32, fp64 or int64 (one type a call), and be left alone until wait() returned.
  virtual std::unique_ptr<PendingOperation> all_reduce_sum(std::vector<at::Tensor> tensors) = 0;
  // Replaces every tensor by rank 0's; any type. Waits as PendingOperation::wait() does.
  virtual void broadcast(std::vector<at::Tensor> tensors) = 0;
  // Returns when every rank has called it. Does not wait for devices.
  virtual void barrier() = 0;
  // The same, however long others take: for what one rank does alone before a training. Only a rank that is silent for
  // ever is not noticed.
  virtual void patient_barrier() = 0;
  // Throws the Error of a failure that is known here. After the device was synchronised and this returned, every result
  // that was waited for before is right.
  virtual void throw_if_failed() = 0;
  // Makes every rank fail with `reason`. Never waits.
  virtual void abort(const std::string& reason) noexcept = 0;
};

// The only rank there is: every operation is done before it starts.
class SingleRank final : public Communicator {
 public:
  int rank() const override { return 0; }
  int size() const override { return 1; }
  std::unique_ptr<PendingOperation> all_reduce_sum(std::vector<at::Tensor> tensors) override;
  void broadcast(std::vector<at::Tensor>) override {}
  void barrier() override {}
  void patient_barrier() override {}
  void throw_if_failed() override {}
  void abort(const std::string&) noexcept override {}
};

}  // namespace checkerlab::model
