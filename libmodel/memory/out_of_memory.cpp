#include "libmodel/memory/out_of_memory.hpp"

#include <algorithm>
#include <optional>

#include "libmodel/memory/fitting_batch.hpp"

namespace checkerlab::model {
namespace {

constexpr int kMostCorrections = 4;

// Nothing when the batch does not fit.
std::optional<MemoryPeak> measure(DeviceMemory& memory, std::int64_t batch,
                                  const std::function<void(std::int64_t)>& trial) {
  memory.begin();
  try {
    trial(batch);
    return MemoryPeak{batch, memory.peak()};
  } catch (const c10::Error& error) {
    if (!is_out_of_memory(error)) throw;
    return std::nullopt;
  }
}

std::int64_t allowed(const BatchWork& what, std::int64_t fitting) {
  while (what.divides > 0 && fitting > 0 && what.divides % fitting != 0)
    --fitting;
  return fitting;
}

std::string advice(const BatchWork& what, std::int64_t fitting) {
  if (fitting == 0) return "Not even one of the " + what.items + " fits: use a smaller model or a larger device";
  const std::int64_t setting = allowed(what, fitting);
  return "Set " + what.setting + " to " + std::to_string(setting) +
         (setting == fitting
              ? ": that fits, it was tried"
              : ": " + std::to_string(fitting) + " fit, and it must divide " + std::to_string(what.divides));
}

}  // namespace

bool is_out_of_memory(const c10::Error& error) {
  if (dynamic_cast<const c10::OutOfMemoryError*>(&error) != nullptr) return true;
  const std::string text = error.what_without_backtrace();
  const auto says = [&](const char* part) { return text.find(part) != std::string::npos; };
  return says("can't allocate memory") || says("out of memory") || says("CUBLAS_STATUS_ALLOC_FAILED");
}

std::int64_t find_fitting_batch(DeviceMemory& memory, std::int64_t tried,
                                const std::function<void(std::int64_t)>& trial) {
  std::optional<MemoryPeak> high;
  for (std::int64_t batch = std::min(tried / 4 + 1, tried - 1); !high && batch > 0;
       batch = batch == 1 ? 0 : std::max<std::int64_t>(1, batch / 4)) {
    high = measure(memory, batch, trial);
  }
  if (!high) return 0;
  memory.begin();
  std::optional<MemoryPeak> low;
  if (high->items > 1) low = measure(memory, high->items / 2, trial);
  if (!low) low = MemoryPeak{0, memory.in_use()};

  std::int64_t fitting = fitting_batch(memory.available(), *low, *high, tried);
  for (int i = 0; i < kMostCorrections && fitting > high->items; ++i) {
    if (measure(memory, fitting, trial)) return fitting;
    fitting = high->items + (fitting - high->items) * 3 / 4;
  }
  return high->items;
}

Error out_of_memory_error(const BatchWork& what, std::int64_t batch, DeviceMemory* memory,
                          const std::function<void(std::int64_t)>& trial) {
  const std::string tried = what.doing + " " + std::to_string(batch) + " " + what.items + " at once";
  if (memory == nullptr) {
    return {ErrorCode::out_of_memory, tried + " needs more memory than this machine has",
            batch > 1 ? "Set " + what.setting + " to " + std::to_string(allowed(what, batch / 2)) + " or less"
                      : advice(what, 0)};
  }
  memory->begin();
  const std::string room = memory->name() + " has free, " + memory_text(memory->available() - memory->in_use());
  return {ErrorCode::out_of_memory, tried + " needs more memory than " + room,
          advice(what, find_fitting_batch(*memory, batch, trial))};
}

void with_batch_advice(const BatchWork& what, std::int64_t batch, c10::Device device, const std::function<void()>& work,
                       const std::function<void(std::int64_t)>& trial) {
  try {
    return work();
  } catch (const c10::Error& error) {
    if (!is_out_of_memory(error)) throw;
  }
  // Outside the handler: its exception may keep memory alive.
  throw out_of_memory_error(what, batch, device_memory(device).get(), trial);
}

}  // namespace checkerlab::model
