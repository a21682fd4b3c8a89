#pragma once

#include <torch/types.h>

#include <cstdint>
#include <map>
#include <string>

namespace checkerlab::model {

// Adam (Kingma, Ba 2015) with betas 0.5 and 0.9, epsilon 1e-8 and no weight decay, for one parameter.
class CodebookAdam {
 public:
  explicit CodebookAdam(const torch::Tensor& parameter);

  // Update number `update` (from 0) of `parameter` along `gradient`, without recording it.
  void step(torch::Tensor& parameter, const torch::Tensor& gradient, double lr, std::int64_t update);

  // Forgets the moments of rows whose values were replaced.
  void reset_rows(const torch::Tensor& rows);

  // The moments by name, to be kept in a checkpoint and restored in place.
  std::map<std::string, torch::Tensor> state() const;

 private:
  torch::Tensor first_moment_, second_moment_;
};

}  // namespace checkerlab::model
