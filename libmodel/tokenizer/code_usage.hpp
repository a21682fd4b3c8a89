#pragma once

#include <torch/types.h>

#include <cstdint>

namespace checkerlab::model {

// A running mean of how often each code occurs. Weight 0.01 a note.
class CodeUsage {
 public:
  // `shares` fp64 [K], begins with zeros; a tensor of the caller, so that it can be kept in a checkpoint.
  explicit CodeUsage(torch::Tensor shares) : shares_(std::move(shares)) {}

  // Notes the tokens of a step (any shape, at least one).
  void note(const torch::Tensor& tokens);

  // exp of the entropy of the codes' shares: how many codes evenly used would be as varied.
  double perplexity() const;

  // bool [K]: codes with at least 1e-4 of an even share.
  torch::Tensor used() const;

 private:
  torch::Tensor shares_;
};

// exp(-sum p ln p) of counts or shares that need not sum to one; 0 where all are zero.
double perplexity_of(const torch::Tensor& counts);

}  // namespace checkerlab::model
