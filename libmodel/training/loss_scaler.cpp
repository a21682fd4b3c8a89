#include "libmodel/training/loss_scaler.hpp"

#include <ATen/ATen.h>

#include <cmath>

#include "base/error.hpp"

namespace checkerlab::model {

LossScaler::LossScaler(c10::Device device)
    : scale_(at::full({}, kStart, at::TensorOptions(device).dtype(at::kFloat))),
      good_(at::zeros({}, at::TensorOptions(device).dtype(at::kInt))) {}

at::Tensor LossScaler::unscale(const std::vector<at::Tensor>& gradients) const {
  at::Tensor not_finite = at::zeros({}, scale_.options());
  at::_amp_foreach_non_finite_check_and_unscale_(gradients, not_finite, scale_.reciprocal());
  return not_finite;
}

void LossScaler::update(const at::Tensor& not_finite) {
  at::_amp_update_scale_(scale_, good_, not_finite, kGrowth, kBackoff, kInterval);
}

void LossScaler::set(double scale, std::int64_t good_steps) {
  if (!std::isfinite(scale) || scale <= 0 || good_steps < 0)
    throw Error(ErrorCode::invalid_data, "the loss scale is " + std::to_string(scale) + " after " +
                                             std::to_string(good_steps) + " good steps, which cannot be");
  scale_.fill_(scale);
  good_.fill_(good_steps);
}

void LossScaler::save(TensorFile& file) const {
  file.tensors["loss_scale"] = scale_;
  file.tensors["loss_scale_good_steps"] = good_;
}

void LossScaler::load(const TensorFile& file, const std::filesystem::path& where) {
  const at::Tensor& scale = file.at("loss_scale", where);
  const at::Tensor& good = file.at("loss_scale_good_steps", where);
  if (scale.numel() != 1 || good.numel() != 1)
    throw Error(ErrorCode::invalid_data, where.string() + ": the loss scale is not one number");
  set(scale.item<double>(), good.item<std::int64_t>());
}

}  // namespace checkerlab::model
