#include "libmodel/evaluation/frechet.hpp"

#include <torch/torch.h>

#include <cmath>
#include <limits>

#include "base/error.hpp"

namespace checkerlab::model {

namespace {

// Eigenvalues that are rounding errors become 0.
torch::Tensor without_noise(const torch::Tensor& eigenvalues) {
  const double largest = eigenvalues.max().item<double>();
  const double floor = static_cast<double>(eigenvalues.size(0)) * std::numeric_limits<double>::epsilon() * largest;
  return torch::where(eigenvalues > floor, eigenvalues, torch::zeros_like(eigenvalues));
}

torch::Tensor square_root(const torch::Tensor& covariance) {
  const auto [values, vectors] = at::linalg_eigh(covariance);
  return (vectors * without_noise(values).sqrt()).matmul(vectors.t());
}

}  // namespace

double frechet_distance(const Moments& a, const Moments& b) {
  if (a.mean.sizes() != b.mean.sizes()) {
    throw Error(ErrorCode::invalid_argument, "the Fréchet distance needs features of one width, not " +
                                                 std::to_string(a.mean.size(0)) + " and " +
                                                 std::to_string(b.mean.size(0)));
  }
  for (const auto* part : {&a.mean, &a.covariance, &b.mean, &b.covariance}) {
    if (!part->isfinite().all().item<bool>()) throw Error(ErrorCode::not_finite, "a feature is not finite");
  }
  const auto root = square_root(a.covariance);
  const auto product = root.matmul(b.covariance).matmul(root);
  const auto eigenvalues = without_noise(at::linalg_eigvalsh((product + product.t()) / 2));
  const double means = (a.mean - b.mean).square().sum().item<double>();
  const double traces = a.covariance.trace().item<double>() + b.covariance.trace().item<double>();
  return means + traces - 2 * eigenvalues.sqrt().sum().item<double>();
}

}  // namespace checkerlab::model
