#include "worker/agent/device_load.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string_view>

namespace checkerlab::worker {
namespace {

// Two GPUs; the second one is busy. A handle is the number plus one.
constexpr std::uintptr_t kGpus = 2;

int by_index(unsigned index, Nvml::Device* device) {
  *device = reinterpret_cast<void*>(std::uintptr_t{index} + 1);
  return index < kGpus ? 0 : 6;
}

int by_uuid(const char* uuid, Nvml::Device* device) {
  if (std::string_view(uuid) != "GPU-b") return 6;
  return by_index(1, device);
}

int utilization(Nvml::Device device, Nvml::Utilization* out) {
  *out = {reinterpret_cast<std::uintptr_t>(device) == 2 ? 97U : 0U, 40U};
  return 0;
}

int memory(Nvml::Device device, Nvml::Memory* out) {
  const auto used = reinterpret_cast<std::uintptr_t>(device) * 1'000;
  *out = {80'000, 80'000 - used, used};
  return 0;
}

constexpr Nvml kNvml{by_index, by_uuid, utilization, memory};

TEST(DeviceLoad, TellsEveryDeviceThatTheWorkerHas) {
  const auto loads = device_load_of(kNvml, "", 2)();
  ASSERT_EQ(loads.size(), 2U);
  EXPECT_EQ(loads[0].busy, 0);
  EXPECT_EQ(loads[1].index, 1);
  EXPECT_EQ(loads[1].busy, 0.97);
  EXPECT_EQ(loads[1].memory_used_bytes, 2'000U);
  EXPECT_EQ(loads[1].memory_bytes, 80'000U);
}

TEST(DeviceLoad, FollowsWhatCudaSees) {
  for (const char* visible : {"1", "GPU-b", "1,7,0"}) {
    const auto loads = device_load_of(kNvml, visible, 1)();
    ASSERT_EQ(loads.size(), 1U) << visible;
    EXPECT_EQ(loads[0].index, 0) << visible;
    EXPECT_EQ(loads[0].busy, 0.97) << visible;
  }
  EXPECT_TRUE(device_load_of(kNvml, "GPU-gone", 1)().empty());
}

TEST(DeviceLoad, LeavesOutWhatCannotBeRead) {
  Nvml broken = kNvml;
  broken.memory = [](Nvml::Device, Nvml::Memory*) { return 15; };
  EXPECT_TRUE(device_load_of(broken, "", 2)().empty());
}

}  // namespace
}  // namespace checkerlab::worker
