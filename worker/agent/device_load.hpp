// How the GPUs of this worker are used, as the driver's management library (NVML) tells. The library is looked for when
// the worker starts; it is part of NVIDIA's driver and nothing is linked against it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "rpc/messages.hpp"

namespace checkerlab::worker {

// Quick (milliseconds); never throws: what cannot be read is left out. For one thread.
using DeviceLoadReader = std::function<std::vector<rpc::DeviceLoad>()>;

inline std::vector<rpc::DeviceLoad> no_device_load() {
  return {};
}

// The functions of NVML that are used, with its own types: a device is an opaque pointer, 0 means success.
struct Nvml {
  struct Utilization {
    unsigned gpu;  // per cent
    unsigned memory;
  };
  struct Memory {
    unsigned long long total, free, used;  // bytes
  };
  using Device = void*;
  int (*device_by_index)(unsigned, Device*);
  int (*device_by_uuid)(const char*, Device*);
  int (*utilization)(Device, Utilization*);
  int (*memory)(Device, Memory*);
};

// Of the devices that `visible` names (CUDA_VISIBLE_DEVICES: numbers or UUIDs with commas; empty: the first `count`),
// counted in its order.
DeviceLoadReader device_load_of(const Nvml& nvml, const std::string& visible, int count);

// Through the driver of this machine; no_device_load when it is not there.
DeviceLoadReader nvidia_device_load(int count);

}  // namespace checkerlab::worker
