#include "worker/agent/device_load.hpp"

#include <dlfcn.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <optional>
#include <sstream>

namespace checkerlab::worker {
namespace {

std::optional<Nvml::Device> find_device(const Nvml& nvml, const std::string& name) {
  Nvml::Device device = nullptr;
  unsigned index = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), index);
  const bool number = error == std::errc{} && end == name.data() + name.size();
  const int code = number ? nvml.device_by_index(index, &device) : nvml.device_by_uuid(name.c_str(), &device);
  if (code == 0) return device;
  return std::nullopt;
}

std::vector<Nvml::Device> find_devices(const Nvml& nvml, const std::string& visible, int count) {
  std::vector<Nvml::Device> devices;
  std::istringstream names(visible);
  for (std::string name; std::getline(names, name, ',');) {
    const auto device = find_device(nvml, name);
    if (!device) break;  // as CUDA does: what follows an unknown one is not visible
    devices.push_back(*device);
  }
  for (int i = 0; visible.empty() && i < count; ++i) {
    if (const auto device = find_device(nvml, std::to_string(i))) devices.push_back(*device);
  }
  return devices;
}

template <class Function>
bool find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
  return function != nullptr;
}

// The library stays open for the life of the process.
std::optional<Nvml> open_nvml() {
  void* library = ::dlopen("libnvidia-ml.so.1", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return std::nullopt;
  int (*init)() = nullptr;
  Nvml nvml{};
  const bool whole = find(library, "nvmlInit_v2", init) &&
                     find(library, "nvmlDeviceGetHandleByIndex_v2", nvml.device_by_index) &&
                     find(library, "nvmlDeviceGetHandleByUUID", nvml.device_by_uuid) &&
                     find(library, "nvmlDeviceGetUtilizationRates", nvml.utilization) &&
                     find(library, "nvmlDeviceGetMemoryInfo", nvml.memory);
  if (whole && init() == 0) return nvml;
  return std::nullopt;
}

}  // namespace

DeviceLoadReader device_load_of(const Nvml& nvml, const std::string& visible, int count) {
  return [nvml, devices = find_devices(nvml, visible, count)] {
    std::vector<rpc::DeviceLoad> loads;
    for (std::size_t i = 0; i < devices.size(); ++i) {
      Nvml::Utilization utilization{};
      Nvml::Memory memory{};
      if (nvml.utilization(devices[i], &utilization) != 0 || nvml.memory(devices[i], &memory) != 0) continue;
      loads.push_back({.index = static_cast<int>(i),
                       .busy = std::min(utilization.gpu, 100U) / 100.0,
                       .memory_used_bytes = memory.used,
                       .memory_bytes = memory.total});
    }
    return loads;
  };
}

DeviceLoadReader nvidia_device_load(int count) {
  const auto nvml = open_nvml();
  if (!nvml) {
    spdlog::info("how the GPU is used is not reported: the driver's libnvidia-ml.so.1 cannot be used");
    return no_device_load;
  }
  const char* visible = std::getenv("CUDA_VISIBLE_DEVICES");
  return device_load_of(*nvml, visible == nullptr ? "" : visible, count);
}

}  // namespace checkerlab::worker
