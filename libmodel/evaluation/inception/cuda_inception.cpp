#include <ATen/cuda/CUDAContext.h>
#include <ATen/cuda/CUDAEvent.h>
#include <ATen/ops/empty.h>
#include <c10/cuda/CUDAGuard.h>

#include <algorithm>
#include <array>
#include <bit>
#include <exception>

#include "libmodel/evaluation/inception/cudnn_layers.hpp"
#include "libmodel/evaluation/inception/inception_base.hpp"
#include "libmodel/evaluation/inception/network.hpp"
#include "libmodel/evaluation/inception/resize.hpp"

namespace checkerlab::model {
namespace {

// More at once are no faster, and their maps would not fit into the numbers that kernels count with.
constexpr std::int64_t kMostTogether = 512;

// A batch on its way: its pixels going to the device and its rows coming back.
struct Slot {
  at::Tensor staged;                 // pinned uint8 [batch,H,W,3]
  at::Tensor pixels;                 // the same on the device
  at::Tensor pool, spatial, logits;  // pinned
  at::cuda::CUDAEvent uploaded, done;
  std::int64_t begin = 0, count = 0;  // images of the whole; 0: nothing is on its way
};

Slot make_slot(const at::Tensor& pixels, std::int64_t batch, c10::Device device) {
  const auto pinned = at::TensorOptions().pinned_memory(true);
  const std::vector<std::int64_t> shape{batch, pixels.size(1), pixels.size(2), 3};
  Slot slot;
  slot.pixels = at::empty(shape, at::device(device).dtype(at::kByte));
  if (!pixels.is_cuda()) slot.staged = at::empty(shape, pinned.dtype(at::kByte));
  slot.pool = at::empty({batch, kInceptionWidth}, pinned);
  slot.spatial = at::empty({batch, kSpatialWidth}, pinned);
  slot.logits = at::empty({batch, kInceptionClasses}, pinned);
  return slot;
}

// What a batch of `count` images is computed as: rows without an image hold whatever was there. Few sizes occur, so
// that algorithms are chosen once for each.
std::int64_t rows_for(std::int64_t count, std::int64_t batch) {
  return std::min(batch, static_cast<std::int64_t>(std::bit_ceil(static_cast<std::uint64_t>(count))));
}

// Two slots in turn: while the device computes one batch, the host brings the pixels of the next one on a stream of
// their own.
class Pipeline {
 public:
  Pipeline(const at::Tensor& pixels, std::int64_t batch, c10::Device device)
      : pixels_(pixels),
        compute_(at::cuda::getCurrentCUDAStream(device.index())),
        upload_(at::cuda::getStreamFromPool(false, device.index())),
        slots_{make_slot(pixels, batch, device), make_slot(pixels, batch, device)} {
    // The slots' memory may still be in use by what the compute stream did before.
    at::cuda::CUDAEvent free;
    free.record(compute_);
    free.block(upload_);
  }
  // Memory must not go while a copy into it is under way.
  ~Pipeline() {
    try {
      upload_.synchronize();
      compute_.synchronize();
    } catch (const std::exception&) {
      // The device is lost; whoever uses it next is told.
    }
  }
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  Slot& slot(std::int64_t batch) { return slots_.at(static_cast<std::size_t>(batch % 2)); }

  // Brings images [begin, begin + count) to the slot, which must be free, and returns its rows on the device.
  at::Tensor send(Slot& slot, std::int64_t begin, std::int64_t count) {
    slot.begin = begin;
    slot.count = count;
    const at::Tensor images = pixels_.slice(0, begin, begin + count), there = slot.pixels.slice(0, 0, count);
    if (slot.staged.defined()) {
      const at::Tensor staged = slot.staged.slice(0, 0, count);
      staged.copy_(images);
      const c10::cuda::CUDAStreamGuard guard(upload_);
      there.copy_(staged, true);
      slot.uploaded.record(upload_);
      slot.uploaded.block(compute_);
    } else {
      there.copy_(images);
    }
    return slot.pixels.slice(0, 0, rows_for(count, slot.pixels.size(0)));
  }
  void fetch(Slot& slot, const InceptionOutputs& outputs) {
    const auto copy = [&](const at::Tensor& to, const at::Tensor& from) {
      to.slice(0, 0, slot.count).copy_(from.slice(0, 0, slot.count), true);
    };
    copy(slot.pool, outputs.pool);
    copy(slot.spatial, outputs.spatial);
    copy(slot.logits, outputs.logits);
    slot.done.record(compute_);
  }
  // Waits for the slot's batch and stores its rows; the slot is free then. Returns how many images are done.
  static std::int64_t finish(Slot& slot, NetworkFeatures& results) {
    slot.done.synchronize();
    const auto rows = [&](const at::Tensor& tensor) { return tensor.slice(0, 0, slot.count); };
    store_rows(results, slot.begin, rows(slot.pool), rows(slot.spatial), rows(slot.logits));
    const std::int64_t end = slot.begin + slot.count;
    slot.count = 0;
    return end;
  }

 private:
  const at::Tensor& pixels_;
  c10::cuda::CUDAStream compute_, upload_;
  std::array<Slot, 2> slots_;
};

class CudaInception final : public InceptionFeatures {
 public:
  CudaInception(const InceptionWeights& weights, std::string sha256, c10::Device device, FeaturePrecision precision,
                bool tune)
      : InceptionFeatures(std::move(sha256), device, precision),
        layers_(weights, device, precision, tune),
        class_kernel_(weights.class_kernel.to(device)) {}

 private:
  void run(const at::Tensor& pixels, std::int64_t batch, NetworkFeatures& results, Observer& observer) override {
    const c10::cuda::CUDAGuard guard(device());
    const std::int64_t count = pixels.size(0), together = std::min(batch, kMostTogether);
    Pipeline pipeline(pixels, together, device());
    const auto finish = [&](Slot& slot) {
      if (slot.count > 0) observer.progress(Pipeline::finish(slot, results), count, "images");
    };
    std::int64_t number = 0;
    for (std::int64_t begin = 0; begin < count; begin += together, ++number) {
      throw_if_cancelled(observer, "the feature network");
      Slot& slot = pipeline.slot(number);
      finish(slot);
      const at::Tensor rows = pipeline.send(slot, begin, std::min(together, count - begin));
      const at::Tensor images = inception_input_cuda(rows, layers_.input_channels(), layers_.type());
      pipeline.fetch(slot, run_inception(layers_, class_kernel_, images));
    }
    finish(pipeline.slot(number));
    finish(pipeline.slot(number + 1));
  }

  CudnnLayers layers_;
  at::Tensor class_kernel_;
};

}  // namespace

std::unique_ptr<FeatureNetwork> make_cuda_inception(const InceptionWeights& weights, std::string sha256,
                                                    c10::Device device, FeaturePrecision precision, bool tune) {
  return std::make_unique<CudaInception>(weights, std::move(sha256), device, precision, tune);
}

}  // namespace checkerlab::model
