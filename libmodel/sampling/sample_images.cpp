#include "libmodel/sampling/sample_images.hpp"

#include <ATen/ATen.h>

#include <string>

#include "base/error.hpp"
#include "libmodel/image/tensor.hpp"
#include "libmodel/sampling/batch_size.hpp"

namespace checkerlab::model {
namespace {

// Progress is counted in images by run_in_batches; a batch only answers cancellation.
class QuietBatch final : public NullObserver {
 public:
  explicit QuietBatch(const Observer& outer) : outer_(outer) {}
  bool cancelled() const override { return outer_.cancelled(); }

 private:
  const Observer& outer_;
};

void to_cpu(SampleBatch& batch) {
  for (auto* maps : {&batch.tokens, &batch.entropy, &batch.probability}) {
    for (at::Tensor& map : *maps) {
      map = map.cpu();
    }
  }
}

// On the CPU one image after the other: LibTorch rounds the products of one image and of several differently there, and
// an image must not depend on its batch.
at::Tensor decoded_pixels(VqTokenizer& tokenizer, const at::Tensor& tokens) {
  if (!tokens.is_cpu()) return to_pixels(tokenizer->decode(tokens)).cpu();
  std::vector<at::Tensor> pixels;
  for (const at::Tensor& one : tokens.split(1)) {
    pixels.push_back(to_pixels(tokenizer->decode(one)));
  }
  return at::cat(pixels);
}

ImageBatch draw(Sampler& sampler, VqTokenizer& tokenizer, const ImageRequest& request, const at::Tensor& labels,
                std::int64_t begin, Observer& observer) {
  const at::NoGradGuard no_gradients;
  QuietBatch quiet(observer);
  ImageBatch batch{.begin = begin, .labels = labels, .pixels = {}, .drawn = {}};
  const at::Tensor indices = at::arange(begin, begin + labels.size(0), at::kLong);
  batch.drawn = sampler.sample(labels, indices, request.settings, quiet);
  const std::size_t scales = batch.drawn.tokens.size();
  for (std::size_t scale = request.pyramid ? 0 : scales - 1; scale < scales; ++scale) {
    throw_if_cancelled(observer, "sampling");
    batch.pixels.push_back(decoded_pixels(tokenizer, batch.drawn.tokens[scale]));
  }
  to_cpu(batch.drawn);
  return batch;
}

}  // namespace

at::Tensor labels_of(const ImageRequest& request, int classes) {
  if (request.begin < 0 || request.end <= request.begin)
    throw Error(ErrorCode::invalid_argument, "sampling: there are no samples to draw", "Ask for at least one");
  for (const std::int64_t label : request.classes) {
    if (label < 0 || label >= classes)
      throw Error(ErrorCode::invalid_argument, "sampling: the model has no class " + std::to_string(label),
                  "Its classes are 0 to " + std::to_string(classes - 1));
  }
  const at::Tensor indices = at::arange(request.begin, request.end, at::kLong);
  if (request.classes.empty()) return indices.remainder(classes);
  const at::Tensor cycle = at::tensor(request.classes, at::kLong);
  return cycle.index_select(0, indices.remainder(cycle.size(0)));
}

void sample_images(Sampler& sampler, VqTokenizer& tokenizer, c10::Device device, Precision precision,
                   const ImageRequest& request, Observer& observer,
                   const std::function<void(const ImageBatch&)>& sink) {
  const at::Tensor labels = labels_of(request, sampler.config().classes);
  const std::int64_t each =
      bytes_per_sample(sampler.config(), tokenizer->config(), precision, request.settings.guidance > 0);
  const BatchPlan plan{.batch = request.batch > 0 ? request.batch : batch_for(free_bytes(device), each),
                       .fixed = request.batch > 0,
                       .device = device};
  const auto drawn = [&](std::int64_t begin, std::int64_t count) {
    const at::Tensor own = labels.slice(0, begin - request.begin, begin - request.begin + count);
    return draw(sampler, tokenizer, request, own, begin, observer);
  };
  run_in_batches(
      request.begin, request.end, plan, observer,
      [&](std::int64_t begin, std::int64_t count) { sink(drawn(begin, count)); },
      [&](std::int64_t count) { drawn(request.begin, count); });
}

}  // namespace checkerlab::model
