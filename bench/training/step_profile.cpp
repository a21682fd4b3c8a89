#include "bench/training/step_profile.hpp"

#include <torch/csrc/autograd/profiler_kineto.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <vector>

namespace checkerlab::bench {
namespace {

namespace profiler = torch::autograd::profiler;
using torch::profiler::impl::ActivityType;

// A kernel's name is its whole signature: enough of it to know it by.
constexpr std::size_t kNameLength = 150;

struct Kernel {
  std::string name;
  double milliseconds = 0;
  std::int64_t launches = 0;
};

std::vector<Kernel> kernels_by_time(const profiler::ProfilerResult& result) {
  std::map<std::string, Kernel> found;
  for (const auto& event : result.events()) {
    if (event.deviceType() != c10::DeviceType::CUDA) continue;
    Kernel& kernel = found[event.name().substr(0, kNameLength)];
    kernel.milliseconds += 1e-6 * static_cast<double>(event.durationNs());
    ++kernel.launches;
  }
  std::vector<Kernel> kernels;
  for (auto& [name, kernel] : found) {
    kernel.name = name;
    kernels.push_back(kernel);
  }
  std::ranges::sort(kernels, std::greater<>(), &Kernel::milliseconds);
  return kernels;
}

std::string row(const char* name, double milliseconds, double launches) {
  char text[kNameLength + 64];
  std::snprintf(text, sizeof text, "%9.3f ms %9.1f x  %s\n", milliseconds, launches, name);
  return text;
}

}  // namespace

void StepProfile::start() {
  const torch::profiler::impl::ProfilerConfig config(torch::profiler::impl::ProfilerState::KINETO);
  profiler::prepareProfiler(config, {ActivityType::CUDA});
  profiler::enableProfiler(config, {ActivityType::CUDA});
}

std::string StepProfile::finish(std::int64_t steps, std::size_t rows) {
  const auto result = profiler::disableProfiler();
  const auto kernels = kernels_by_time(*result);
  const auto each = 1.0 / static_cast<double>(steps);
  Kernel all;
  for (const Kernel& kernel : kernels) {
    all.milliseconds += kernel.milliseconds;
    all.launches += kernel.launches;
  }
  std::string table = row("all kernels, a step", each * all.milliseconds, each * static_cast<double>(all.launches));
  for (std::size_t i = 0; i < std::min(rows, kernels.size()); ++i) {
    table +=
        row(kernels[i].name.c_str(), each * kernels[i].milliseconds, each * static_cast<double>(kernels[i].launches));
  }
  return table;
}

}  // namespace checkerlab::bench
