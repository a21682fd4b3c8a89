#include "libmodel/evaluation/spectrum.hpp"

#include <torch/types.h>

#include <limits>

namespace checkerlab::model {

at::Tensor without_noise(const at::Tensor& eigenvalues) {
  const double largest = eigenvalues.max().item<double>();
  const double floor = static_cast<double>(eigenvalues.size(0)) * std::numeric_limits<double>::epsilon() * largest;
  return at::where(eigenvalues > floor, eigenvalues, at::zeros_like(eigenvalues));
}

at::Tensor symmetric_root(const at::Tensor& matrix) {
  const auto [values, vectors] = at::linalg_eigh(matrix);
  return (vectors * without_noise(values).sqrt()).matmul(vectors.t());
}

at::Tensor any_root(const at::Tensor& matrix) {
  const auto [factor, failure] = at::linalg_cholesky_ex(matrix);
  return failure.item<int>() == 0 ? factor : symmetric_root(matrix);
}

double trace_of_root(const at::Tensor& matrix) {
  return without_noise(at::linalg_eigvalsh((matrix + matrix.t()) / 2)).sqrt().sum().item<double>();
}

}  // namespace checkerlab::model
