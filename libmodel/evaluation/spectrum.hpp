// Square roots of symmetric positive semidefinite matrices, fp64 [D,D] on any device. Pure functions.
#pragma once

#include <ATen/core/Tensor.h>

namespace checkerlab::model {

// Eigenvalues below D * 2^-52 * max are rounding errors and become 0.
at::Tensor without_noise(const at::Tensor& eigenvalues);

// The symmetric square root.
at::Tensor symmetric_root(const at::Tensor& matrix);

// Some F with F Fᵀ = matrix: the Cholesky factor where the matrix is definite, which takes a hundredth of the time,
// else the symmetric root.
at::Tensor any_root(const at::Tensor& matrix);

// The sum of the square roots of the eigenvalues, by eigenvalues alone. The part of `matrix` that is not symmetric
// (rounding errors) is dropped.
double trace_of_root(const at::Tensor& matrix);

}  // namespace checkerlab::model
