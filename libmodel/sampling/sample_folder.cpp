#include "libmodel/sampling/sample_folder.hpp"

#include <ATen/ATen.h>

#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "libmodel/image/colour_map.hpp"
#include "libmodel/image/encode_png.hpp"
#include "libmodel/image/grid.hpp"
#include "libmodel/image/tensor.hpp"

namespace checkerlab::model {
namespace {

constexpr std::size_t kSheetImages = 256;
constexpr std::int64_t kSmallSide = 64;  // sheets of smaller images are magnified, maps are at least that large

Image first_image(const at::Tensor& pixels, std::int64_t item) {
  return tensor_to_images(pixels.slice(0, item, item + 1)).front();
}

// All scales in one row.
Image side_by_side(const std::vector<Image>& images) {
  return compose_grid(images, {.columns = static_cast<std::int64_t>(images.size())});
}

std::string sample_name(std::int64_t index, const char* what) {
  char name[64];
  std::snprintf(name, sizeof name, "sample_%06lld%s.png", static_cast<long long>(index), what);
  return name;
}

}  // namespace

SampleFolder::SampleFolder(std::filesystem::path folder, const ModelConfig& config, const ImageRequest& request,
                           const SampleFolderOptions& options)
    : folder_(std::move(folder)), config_(config), request_(request), options_(options) {
  std::error_code failure;
  std::filesystem::create_directories(folder_, failure);
  if (failure) throw errno_error(failure.value(), "make the folder " + folder_.string());
  if (options_.npz) archive_ = std::make_unique<NpzImages>(folder_ / "samples.npz");
}

std::string SampleFolder::marked(const std::string& name) const {
  if (request_.settings.order == ScanOrder::checkerboard) return name + ".png";
  return name + "." + std::string(to_string(request_.settings.order)) + ".png";
}

void SampleFolder::write_png(const std::string& name, const Image& image) {
  const auto bytes = encode_png(image);
  SystemFiles().write_atomic(folder_ / name, {reinterpret_cast<const char*>(bytes.data()), bytes.size()}, 0644);
  written_.push_back(folder_ / name);
}

void SampleFolder::add(const ImageBatch& batch) {
  const at::Tensor& last = batch.pixels.back();
  if (archive_) archive_->add(last, batch.labels);
  if (blocks_.empty()) {
    blocks_ = batch.drawn.blocks;
    if (options_.order) write_step_maps(batch.drawn, std::max(last.size(1), kSmallSide));
  }
  for (std::int64_t item = 0; item < batch.labels.size(0); ++item) {
    labels_.push_back(batch.labels[item].item<std::int64_t>());
    add_one(batch, item);
  }
}

void SampleFolder::add_one(const ImageBatch& batch, std::int64_t item) {
  const std::int64_t index = batch.begin + item;
  const Image image = first_image(batch.pixels.back(), item);
  const std::int64_t side = std::max(image.width, kSmallSide);
  if (!archive_) write_png(sample_name(index, ""), image);
  if (sheet_.size() < kSheetImages) sheet_.push_back(image);
  if (options_.entropy) {
    std::vector<Image> maps;
    for (const at::Tensor& entropy : batch.drawn.entropy) {
      maps.push_back(colour_image(entropy[item], 0, std::log(config_.codes), side));
    }
    write_png(sample_name(index, "_entropy"), side_by_side(maps));
  }
  if (options_.pyramid) {
    std::vector<Image> images;
    for (const at::Tensor& pixels : batch.pixels) {
      images.push_back(enlarge(first_image(pixels, item), side));
    }
    write_png(sample_name(index, "_pyramid"), side_by_side(images));
  }
}

void SampleFolder::write_step_maps(const SampleBatch& drawn, std::int64_t side) {
  std::vector<Image> orders, steps;
  for (std::size_t scale = 0; scale < config_.sizes.size(); ++scale) {
    const int grid = config_.sizes[scale];
    const at::Tensor scan = at::tensor(grid_scan(request_.settings.order, grid, request_.settings.seed), at::kLong);
    orders.push_back(colour_image(scan.argsort().view({grid, grid}), 0, grid * grid - 1.0, side));
    steps.push_back(colour_image(drawn.steps[scale], 0, static_cast<double>(drawn.total_steps - 1), side));
  }
  write_png(marked("order"), side_by_side(orders));
  write_png(marked("steps"), side_by_side(steps));
}

std::vector<std::filesystem::path> SampleFolder::finish(const nlohmann::json& about) {
  GridLayout layout;
  layout.columns = static_cast<std::int64_t>(std::ceil(std::sqrt(static_cast<double>(sheet_.size()))));
  layout.magnification = std::max<std::int64_t>(1, kSmallSide / sheet_.front().width);
  write_png(marked("grid"), compose_grid(sheet_, layout));
  if (archive_) {
    archive_->finish();
    written_.push_back(folder_ / "samples.npz");
  }
  nlohmann::json description = about;
  const SamplingSettings& settings = request_.settings;
  description["first_index"] = request_.begin;
  description["labels"] = labels_;
  description["sizes"] = config_.sizes;
  description["blocks"] = blocks_;
  description["total_steps"] = blocks_.size();
  description["guidance"] = settings.guidance;
  description["guidance_start_step"] = settings.guidance_start_step;
  description["temperature"] = settings.temperature;
  description["top_k"] = settings.truncation.top_k;
  description["top_p"] = settings.truncation.top_p;
  description["seed"] = std::to_string(settings.seed);
  description["order"] = to_string(settings.order);
  description["order_is_the_models_own"] = settings.order == ScanOrder::checkerboard;
  description["entropy_range"] = {0, std::log(config_.codes)};
  SystemFiles().write_atomic(folder_ / "samples.json", description.dump(2) + "\n", 0644);
  written_.push_back(folder_ / "samples.json");
  return written_;
}

}  // namespace checkerlab::model
