// Dynamic loss scaling for fp16 (Micikevicius et al., Mixed Precision Training, 2018): the loss is multiplied so that
// small gradients do not vanish in fp16; a step whose gradients overflow is left out and the scale halved; 2,000 good
// steps in a row double it. The state stays on the device: nothing here waits for it. Not thread-safe.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>

#include "libmodel/checkpoint/safetensors.hpp"

namespace checkerlab::model {

class LossScaler {
 public:
  static constexpr double kStart = 65536, kGrowth = 2, kBackoff = 0.5;
  static constexpr std::int64_t kInterval = 2000;

  explicit LossScaler(c10::Device device);

  at::Tensor scaled(const at::Tensor& loss) const { return loss * scale_; }
  // Divides the gradients by the scale. Returns 1 where one of them is not finite, else 0: [] fp32.
  at::Tensor unscale(const std::vector<at::Tensor>& gradients) const;
  // After every step, with what unscale() returned.
  void update(const at::Tensor& not_finite);

  const at::Tensor& scale() const { return scale_; }      // [] fp32
  const at::Tensor& good_steps() const { return good_; }  // [] int32, since the scale last changed
  void set(double scale, std::int64_t good_steps);

  // Under "loss_scale" and "loss_scale_good_steps".
  void save(TensorFile& file) const;
  void load(const TensorFile& file, const std::filesystem::path& where);

 private:
  at::Tensor scale_, good_;
};

}  // namespace checkerlab::model
