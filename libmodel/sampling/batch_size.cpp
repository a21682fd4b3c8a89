#include "libmodel/sampling/batch_size.hpp"

#include <unistd.h>

#include <algorithm>
#include <string>

#include "libmodel/memory/device_memory.hpp"
#include "libmodel/memory/out_of_memory.hpp"

namespace checkerlab::model {
namespace {

constexpr std::int64_t kMostAtOnce = 256;
constexpr std::int64_t kFloat = 4;  // bytes

const BatchWork kWork{.doing = "sampling", .items = "images", .setting = "the batch"};

// True when it was done, false when memory ran out.
bool fits(const std::function<void(std::int64_t, std::int64_t)>& work, std::int64_t begin, std::int64_t count) {
  try {
    work(begin, count);
    return true;
  } catch (const c10::Error& failure) {
    if (!is_out_of_memory(failure)) throw;
    return false;
  }
}

}  // namespace

std::int64_t bytes_per_sample(const ModelConfig& model, const TokenizerConfig& tokenizer, Precision precision,
                              bool guided) {
  const std::int64_t width = model.width, rows = guided ? 2 : 1, type = precision == Precision::fp32 ? kFloat : 2;
  const std::int64_t block = std::int64_t{model.grid()} * model.grid();
  const std::int64_t cache = 2 * rows * model.layers * (model.tokens() + 1) * width * type;
  const std::int64_t activations = rows * block * (8 * width + 3 * std::int64_t{model.hidden}) * kFloat;
  const std::int64_t logits = 4 * block * model.codes * kFloat;
  const std::int64_t pixels = block * tokenizer.stride * tokenizer.stride;
  const std::int64_t maps = 5 * pixels * tokenizer.level_width(0) * kFloat;
  return cache + std::max(activations + logits, maps);
}

std::int64_t free_bytes(c10::Device device) {
  if (const auto memory = device_memory(device)) return memory->available() - memory->in_use();
  return std::int64_t{::sysconf(_SC_AVPHYS_PAGES)} * ::sysconf(_SC_PAGE_SIZE);
}

std::int64_t batch_for(std::int64_t bytes, std::int64_t bytes_each) {
  return std::clamp<std::int64_t>(bytes / 3 * 2 / std::max<std::int64_t>(1, bytes_each), 1, kMostAtOnce);
}

void run_in_batches(std::int64_t begin, std::int64_t end, const BatchPlan& plan, Observer& observer,
                    const std::function<void(std::int64_t begin, std::int64_t count)>& work,
                    const std::function<void(std::int64_t count)>& trial) {
  std::int64_t batch = std::max<std::int64_t>(1, plan.batch);
  const std::int64_t total = end - begin;
  for (std::int64_t at = begin; at < end;) {
    throw_if_cancelled(observer, "sampling");
    observer.progress(at - begin, total, "images");
    const std::int64_t count = std::min(batch, end - at);
    if (fits(work, at, count)) {
      at += count;
      continue;
    }
    const auto memory = device_memory(plan.device);
    if (plan.fixed || count == 1) throw out_of_memory_error(kWork, count, memory.get(), trial);
    if (memory) memory->begin();  // gives back what is cached
    batch = count / 2;
    observer.log(LogLevel::warning, std::to_string(count) + " images at once do not fit into memory; going on with " +
                                        std::to_string(batch));
  }
  observer.progress(total, total, "images");
}

}  // namespace checkerlab::model
