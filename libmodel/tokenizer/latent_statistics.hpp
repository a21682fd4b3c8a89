#pragma once

#include <torch/types.h>

#include <cstdint>
#include <map>

namespace checkerlab::model {

// Mean and mean square of latent vectors per dimension, by token side, and the codebook drawn from them. fp64 on the
// CPU.
class LatentStatistics {
 public:
  struct Side {
    std::int64_t count = 0;      // vectors
    torch::Tensor mean, square;  // fp64 [D]
  };

  // `first_dominates`: a batch weighs 1 / (1 + vectors so far) instead of its share.
  explicit LatentStatistics(bool first_dominates) : first_dominates_(first_dominates) {}

  // Vectors [M,D].
  void add(std::int64_t side, const torch::Tensor& vectors);

  // [codes,D] with rows of unit length: each side's share from its normal distribution, at least one. `normal` are
  // standard normal numbers [codes,D]. Throws Error(invalid_argument) when nothing was gathered or there are fewer
  // codes than sides.
  torch::Tensor draw(const torch::Tensor& normal) const;

  std::map<std::int64_t, Side>& sides() { return sides_; }
  const std::map<std::int64_t, Side>& sides() const { return sides_; }

 private:
  bool first_dominates_;
  std::map<std::int64_t, Side> sides_;
};

}  // namespace checkerlab::model
