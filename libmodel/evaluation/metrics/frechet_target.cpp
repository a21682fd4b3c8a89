#include "libmodel/evaluation/metrics/frechet_target.hpp"

#include <torch/types.h>

#include <cmath>

#include "base/error.hpp"
#include "libmodel/evaluation/spectrum.hpp"

namespace checkerlab::model {

namespace {

struct CentredRows {
  at::Tensor mean, rows;  // fp64
};

CentredRows centre(const at::Tensor& rows, c10::Device device) {
  if (rows.size(0) < 2) {
    throw Error(ErrorCode::invalid_argument,
                "a covariance needs at least two rows, not " + std::to_string(rows.size(0)));
  }
  const auto wide = rows.to(device, at::kDouble);
  const auto mean = wide.mean(0);
  return {mean, wide - mean};
}

double divisor(const at::Tensor& rows) {
  return static_cast<double>(rows.size(0) - 1);
}

void require_finite(const at::Tensor& values) {
  if (!values.isfinite().all().item<bool>()) throw Error(ErrorCode::not_finite, "a feature is not finite");
}

}  // namespace

FrechetTarget::FrechetTarget(const Moments& reference, c10::Device device)
    : device_(device), mean_(reference.mean.to(device)), covariance_(reference.covariance.to(device)) {
  require_finite(mean_);
  require_finite(covariance_);
  trace_ = covariance_.trace().item<double>();
}

FrechetTarget::FrechetTarget(const FeatureSummary& reference, c10::Device device) : device_(device) {
  if (!reference.has_rows()) {
    *this = FrechetTarget(reference.moments_of(reference.all()), device);
    return;
  }
  auto centred = centre(reference.rows_of(reference.all()), device);
  require_finite(centred.rows);
  mean_ = centred.mean;
  centred_rows_ = centred.rows;
  trace_ = centred_rows_.square().sum().item<double>() / divisor(centred_rows_);
}

const at::Tensor& FrechetTarget::covariance() const {
  if (!covariance_.defined()) covariance_ = centred_rows_.t().matmul(centred_rows_) / divisor(centred_rows_);
  return covariance_;
}

double FrechetTarget::root_of_rows(const at::Tensor& centred) const {
  if (centred_rows_.defined()) {
    const double scale = std::sqrt(divisor(centred) * divisor(centred_rows_));
    return at::linalg_svdvals(centred.matmul(centred_rows_.t())).sum().item<double>() / scale;
  }
  return trace_of_root(centred.matmul(covariance()).matmul(centred.t()) / divisor(centred));
}

double FrechetTarget::root_of_moments(const Moments& samples) {
  if (!root_.defined()) root_ = any_root(covariance());
  return trace_of_root(root_.t().matmul(samples.covariance).matmul(root_));
}

double FrechetTarget::distance(const FeatureSummary& samples, std::span<const std::size_t> blocks) {
  if (samples.width() != width()) {
    throw Error(ErrorCode::invalid_argument, "the samples have " + std::to_string(samples.width()) +
                                                 " features and the reference has " + std::to_string(width()) +
                                                 ": they are not of one network");
  }
  if (samples.has_rows()) {
    const auto centred = centre(samples.rows_of(blocks), device_);
    require_finite(centred.rows);
    const double trace = centred.rows.square().sum().item<double>() / divisor(centred.rows);
    const double means = (centred.mean - mean_).square().sum().item<double>();
    return means + trace + trace_ - 2 * root_of_rows(centred.rows);
  }
  auto moments = samples.moments_of(blocks);
  moments = {moments.mean.to(device_), moments.covariance.to(device_)};
  require_finite(moments.covariance);
  const double means = (moments.mean - mean_).square().sum().item<double>();
  return means + moments.covariance.trace().item<double>() + trace_ - 2 * root_of_moments(moments);
}

}  // namespace checkerlab::model
