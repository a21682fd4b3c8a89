#pragma once

#include "libmodel/evaluation/sufficient_statistics.hpp"

namespace checkerlab::model {

// Fréchet distance of two Gaussians (Heusel et al. 2017), fp64:
//   |m1 - m2|^2 + tr S1 + tr S2 - 2 sum sqrt(l),
// l the eigenvalues of S1^1/2 S2 S1^1/2, a symmetric matrix, so nothing is ever imaginary. Eigenvalues below
// D * 2^-52 * max(l) count as zero, in S1 and in the product: for fewer samples than dimensions the square roots of
// rounding errors would otherwise lower the distance. The distance of equal moments is 0 up to rounding and may be
// slightly negative. Throws Error when the widths differ or a value is not finite.
double frechet_distance(const Moments& a, const Moments& b);

}  // namespace checkerlab::model
