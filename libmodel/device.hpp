// Which device computes, in what precision, and what it is called.
#pragma once

#include <c10/core/Device.h>
#include <c10/core/ScalarType.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace checkerlab::model {

// fp32 everywhere, or matrix products in bf16 or fp16 with fp32 sums, norms, residual stream and optimiser. Gradients
// in fp16 need loss scaling.
enum class Precision { fp32, bf16, fp16 };

Precision precision_from_string(std::string_view text);
std::string_view to_string(Precision precision);
c10::ScalarType compute_type(Precision precision);

// "cpu", "cuda", "cuda:N", or "auto" (cuda:0 where there is one, else cpu). Throws Error(ErrorCode::invalid_argument)
// for anything else and for a CUDA device that is not there.
c10::Device select_device(std::string_view name);

// CUDA devices that can be used; 0 without a driver.
int cuda_device_count();

struct DeviceInfo {
  std::string type;  // "cpu" or "cuda"
  std::string name;  // as the driver or the kernel names it
  std::int64_t memory_bytes = 0;
  int count = 1;  // devices of this type on the machine
};
DeviceInfo describe_device(c10::Device device);

// Number of computing threads of the process (0: leave as it is) and the settings that results depend on: no TF32 in
// fp32, no cuDNN attention. Call once, before any work.
void configure_compute(int threads);

// Within its life, matrix products on the device's type run in bf16 or fp16 when `precision` says so. Not to be shared
// between threads.
class AutocastScope {
 public:
  AutocastScope(c10::Device device, Precision precision);
  ~AutocastScope();
  AutocastScope(const AutocastScope&) = delete;
  AutocastScope& operator=(const AutocastScope&) = delete;

 private:
  c10::DeviceType type_;
  bool active_;
  bool previous_enabled_ = false;
  c10::ScalarType previous_type_ = c10::kFloat;
};

}  // namespace checkerlab::model
