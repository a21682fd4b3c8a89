#include "worker/jobs/shown_samples.hpp"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>

#include "base/files.hpp"
#include "libmodel/checkpoint/safetensors.hpp"
#include "libmodel/image/colour_map.hpp"
#include "libmodel/image/encode_png.hpp"
#include "libmodel/image/grid.hpp"
#include "libmodel/image/tensor.hpp"

namespace checkerlab::worker {
namespace {

constexpr std::int64_t kLeastSide = 64;  // pixels of a picture in the sheet

}  // namespace

void ShownSamples::add(const model::SampleBatch& batch, model::VqTokenizer& tokenizer, c10::Device device) {
  const std::int64_t some = std::min(wanted_ - kept(), batch.tokens.front().size(0));
  if (some <= 0) return;
  const at::NoGradGuard no_gradients;
  steps_ = batch.steps;
  entropies_.resize(batch.entropy.size());
  for (std::size_t scale = 0; scale < batch.entropy.size(); ++scale)
    entropies_[scale].push_back(batch.entropy[scale].slice(0, 0, some).to(at::kCPU, at::kFloat));
  const auto decoded = tokenizer->decode(batch.tokens.back().slice(0, 0, some).to(device)).to(at::kFloat);
  for (auto& image : model::tensor_to_images(model::to_pixels(decoded)))
    images_.push_back(std::move(image));
}

at::Tensor ShownSamples::entropies(std::size_t scale) const {
  return at::cat(entropies_[scale]).contiguous();
}

std::map<std::string, double> ShownSamples::curves() const {
  std::map<std::string, double> found;
  for (std::size_t scale = 0; scale < entropies_.size(); ++scale) {
    const at::Tensor values = entropies(scale);
    const at::Tensor& map = steps_[scale];
    for (auto step = map.min().item<std::int64_t>(); step <= map.max().item<std::int64_t>(); ++step) {
      const at::Tensor means = values.index({at::indexing::Slice(), map.eq(step)}).to(at::kDouble).mean(1);
      for (std::int64_t sample = 0; sample < kept(); ++sample)
        found[fmt::format("sample.{:04}.step.{:04}", sample, step)] = means[sample].item<double>();
    }
  }
  return found;
}

void ShownSamples::write_maps(const std::filesystem::path& file, double most) const {
  const std::int64_t side = std::max(kLeastSide, images_.front().width);
  std::vector<model::Image> pictures;
  for (std::int64_t sample = 0; sample < kept(); ++sample) {
    pictures.push_back(model::enlarge(images_[static_cast<std::size_t>(sample)], side));
    for (std::size_t scale = 0; scale < entropies_.size(); ++scale)
      pictures.push_back(model::colour_image(entropies(scale)[sample], 0, most, side));
  }
  model::GridLayout layout;
  layout.columns = static_cast<std::int64_t>(entropies_.size()) + 1;
  const auto png = model::encode_png(model::compose_grid(pictures, layout));
  SystemFiles().write_atomic(file, std::string(png.begin(), png.end()), 0644);
}

void ShownSamples::write_tensors(const std::filesystem::path& file) const {
  model::TensorFile contents;
  contents.metadata = {{"kind", "entropy"}, {"unit", "nat"}};
  for (std::size_t scale = 0; scale < entropies_.size(); ++scale) {
    const auto side = fmt::format("{:03}", steps_[scale].size(0));
    contents.tensors["entropy_" + side] = entropies(scale);
    contents.tensors["steps_" + side] = steps_[scale];
  }
  model::write_safetensors(file, contents);
}

}  // namespace checkerlab::worker
