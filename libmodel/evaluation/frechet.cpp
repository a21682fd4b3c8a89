#include "libmodel/evaluation/frechet.hpp"

#include <torch/types.h>

#include "base/error.hpp"
#include "libmodel/evaluation/spectrum.hpp"

namespace checkerlab::model {

double frechet_distance(const Moments& a, const Moments& b) {
  if (a.mean.sizes() != b.mean.sizes()) {
    throw Error(ErrorCode::invalid_argument, "the Fréchet distance needs features of one width, not " +
                                                 std::to_string(a.mean.size(0)) + " and " +
                                                 std::to_string(b.mean.size(0)));
  }
  for (const auto* part : {&a.mean, &a.covariance, &b.mean, &b.covariance}) {
    if (!part->isfinite().all().item<bool>()) throw Error(ErrorCode::not_finite, "a feature is not finite");
  }
  const auto root = symmetric_root(a.covariance);
  const double means = (a.mean - b.mean).square().sum().item<double>();
  const double traces = a.covariance.trace().item<double>() + b.covariance.trace().item<double>();
  return means + traces - 2 * trace_of_root(root.matmul(b.covariance).matmul(root));
}

}  // namespace checkerlab::model
