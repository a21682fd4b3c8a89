// A communicator that leaves out the sums of gradients: what a step costs without them is what they do not hide behind
// the backward pass. Everything else goes to the communicator underneath; the ranks' weights drift apart.
#pragma once

#include <utility>

#include "libmodel/distributed/communicator.hpp"

namespace checkerlab::bench {

class SilentSums final : public model::Communicator {
 public:
  explicit SilentSums(model::Communicator& ranks) : ranks_(ranks) {}

  int rank() const override { return ranks_.rank(); }
  int size() const override { return ranks_.size(); }
  std::unique_ptr<model::PendingOperation> all_reduce_sum(std::vector<at::Tensor> tensors) override {
    if (tensors.size() == 1 && tensors[0].numel() >= kGradients) return std::make_unique<Done>();
    return ranks_.all_reduce_sum(std::move(tensors));
  }
  void broadcast(std::vector<at::Tensor> tensors) override { ranks_.broadcast(std::move(tensors)); }
  void barrier() override { ranks_.barrier(); }
  void patient_barrier() override { ranks_.patient_barrier(); }
  void throw_if_failed() override { ranks_.throw_if_failed(); }
  void abort(const std::string& reason) noexcept override { ranks_.abort(reason); }

 private:
  // Buckets of gradients are larger than any other sum.
  static constexpr std::int64_t kGradients = 4096;

  struct Done final : model::PendingOperation {
    void wait() override {}
  };

  model::Communicator& ranks_;
};

}  // namespace checkerlab::bench
