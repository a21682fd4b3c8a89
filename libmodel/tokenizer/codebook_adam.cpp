#include "libmodel/tokenizer/codebook_adam.hpp"

#include <torch/types.h>
#include <torch/utils.h>

#include <cmath>

namespace checkerlab::model {

namespace {

constexpr double kBeta1 = 0.5, kBeta2 = 0.9, kEpsilon = 1e-8;

}  // namespace

CodebookAdam::CodebookAdam(const torch::Tensor& parameter)
    : first_moment_(torch::zeros_like(parameter.detach())), second_moment_(torch::zeros_like(parameter.detach())) {}

void CodebookAdam::step(torch::Tensor& parameter, const torch::Tensor& gradient, double lr, std::int64_t update) {
  const torch::NoGradGuard no_grad;
  const auto t = static_cast<double>(update + 1);
  first_moment_.mul_(kBeta1).add_(gradient, 1 - kBeta1);
  second_moment_.mul_(kBeta2).addcmul_(gradient, gradient, 1 - kBeta2);
  const auto scale = second_moment_.sqrt().div_(std::sqrt(1 - std::pow(kBeta2, t))).add_(kEpsilon);
  parameter.addcdiv_(first_moment_, scale, -lr / (1 - std::pow(kBeta1, t)));
}

void CodebookAdam::reset_rows(const torch::Tensor& rows) {
  first_moment_.index_fill_(0, rows, 0);
  second_moment_.index_fill_(0, rows, 0);
}

std::map<std::string, torch::Tensor> CodebookAdam::state() const {
  return {{"first_moment", first_moment_}, {"second_moment", second_moment_}};
}

}  // namespace checkerlab::model
