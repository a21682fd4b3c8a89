#include "libmodel/device.hpp"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/autocast_mode.h>
#include <ATen/cuda/CUDAContext.h>
#include <unistd.h>

#include <charconv>
#include <fstream>

#include "base/error.hpp"

namespace checkerlab::model {
namespace {

c10::Device cuda_device(int index, std::string_view name) {
  const int count = cuda_device_count();
  if (index >= count)
    throw Error(ErrorCode::invalid_argument,
                "device '" + std::string(name) + "' is not there: this machine has " + std::to_string(count) +
                    " usable CUDA devices",
                "Use the device 'cpu' or 'auto', or check the driver with nvidia-smi");
  return {c10::kCUDA, static_cast<c10::DeviceIndex>(index)};
}

std::string processor_name() {
  std::ifstream stream("/proc/cpuinfo");
  for (std::string line; std::getline(stream, line);) {
    const auto colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "cpu";
}

}  // namespace

Precision precision_from_string(std::string_view text) {
  if (text == "fp32") return Precision::fp32;
  if (text == "bf16") return Precision::bf16;
  if (text == "fp16") return Precision::fp16;
  throw Error(ErrorCode::invalid_argument, "unknown precision '" + std::string(text) + "'", "Use fp32, bf16 or fp16");
}

std::string_view to_string(Precision precision) {
  if (precision == Precision::fp32) return "fp32";
  return precision == Precision::bf16 ? "bf16" : "fp16";
}

c10::ScalarType compute_type(Precision precision) {
  if (precision == Precision::fp32) return at::kFloat;
  return precision == Precision::bf16 ? at::kBFloat16 : at::kHalf;
}

int cuda_device_count() {
  return at::hasCUDA() ? static_cast<int>(at::cuda::device_count()) : 0;
}

c10::Device select_device(std::string_view name) {
  if (name == "cpu") return c10::kCPU;
  if (name == "auto") return cuda_device_count() > 0 ? cuda_device(0, name) : c10::Device(c10::kCPU);
  if (name == "cuda") return cuda_device(0, name);
  if (name.starts_with("cuda:")) {
    int index = -1;
    const auto digits = name.substr(5);
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
    if (failure == std::errc() && end == digits.data() + digits.size() && index >= 0) return cuda_device(index, name);
  }
  throw Error(ErrorCode::invalid_argument, "unknown device '" + std::string(name) + "'",
              "Use auto, cpu, cuda or cuda:N");
}

DeviceInfo describe_device(c10::Device device) {
  if (device.is_cuda()) {
    const cudaDeviceProp* properties = at::cuda::getDeviceProperties(device.index());
    return {"cuda", properties->name, static_cast<std::int64_t>(properties->totalGlobalMem), cuda_device_count()};
  }
  const std::int64_t memory = std::int64_t{::sysconf(_SC_PHYS_PAGES)} * ::sysconf(_SC_PAGE_SIZE);
  return {"cpu", processor_name(), memory, 1};
}

void configure_compute(int threads) {
  if (threads > 0) at::set_num_threads(threads);
  auto& context = at::globalContext();
  context.setAllowTF32CuBLAS(false);
  context.setAllowTF32CuDNN(false);
  context.setSDPUseCuDNN(false);
}

AutocastScope::AutocastScope(c10::Device device, Precision precision)
    : type_(device.type()), active_(precision != Precision::fp32) {
  if (!active_) return;
  previous_enabled_ = at::autocast::is_autocast_enabled(type_);
  previous_type_ = at::autocast::get_autocast_dtype(type_);
  at::autocast::set_autocast_enabled(type_, true);
  at::autocast::set_autocast_dtype(type_, compute_type(precision));
  at::autocast::increment_nesting();
}

AutocastScope::~AutocastScope() {
  if (!active_) return;
  if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
  at::autocast::set_autocast_enabled(type_, previous_enabled_);
  at::autocast::set_autocast_dtype(type_, previous_type_);
}

}  // namespace checkerlab::model
