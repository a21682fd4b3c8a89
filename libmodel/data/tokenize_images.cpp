#include "libmodel/data/tokenize_images.hpp"

#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "libmodel/data/cifar_binary.hpp"
#include "libmodel/data/image_listing.hpp"
#include "libmodel/data/image_pipeline.hpp"
#include "libmodel/data/import_dataset.hpp"
#include "libmodel/image/crop.hpp"
#include "libmodel/image/tensor.hpp"
#include "libmodel/order/scales.hpp"

namespace checkerlab::model {

namespace {

void check(const TokenizerConfig& tokenizer, const TokenizeOptions& options) {
  if (options.image_size < tokenizer.stride || options.image_size % tokenizer.stride != 0) {
    throw Error(
        ErrorCode::invalid_argument,
        "the image size " + std::to_string(options.image_size) + " is not a multiple of the tokenizer's " +
            "stride of " + std::to_string(tokenizer.stride) + " pixels",
        "Choose " +
            std::to_string(std::max<std::int64_t>(1, options.image_size / tokenizer.stride) * tokenizer.stride) +
            ", for example.");
  }
  const auto grid = options.image_size / tokenizer.stride;
  for (const int side : options.sides) {
    if (side < 1 || side > grid) {
      throw Error(ErrorCode::invalid_argument, "the token side " + std::to_string(side) + " is outside 1 ... " +
                                                   std::to_string(grid) + ", the grid of images of " +
                                                   std::to_string(options.image_size) + " pixels");
    }
  }
  if (options.batch < 1 || options.threads < 1 || options.max_corrupt < 0 || tokenizer.codes > 32767) {
    throw Error(ErrorCode::invalid_argument,
                "tokenising needs a batch and threads of at least one and a codebook of at most 32767 codes");
  }
}

class ImageTokenizer {
 public:
  ImageTokenizer(VqTokenizer& tokenizer, const TokenizeOptions& options, std::vector<int> sides, torch::Device device)
      : tokenizer_(tokenizer), options_(options), sides_(std::move(sides)), device_(device) {
    tokenizer_->to(device);
    tokenizer_->eval();
  }

  [[nodiscard]] std::int64_t images_at_once() const {
    return std::max<std::int64_t>(1, options_.batch / crop_count(options_.crops));
  }

  // Begins a set of `images` images in temporary files below `folder`.
  void begin(std::int64_t images, const std::filesystem::path& folder) {
    result_.crops = crop_count(options_.crops);
    result_.spill = std::make_unique<TokenSpill>(folder, images, result_.crops, sides_);
    for (const int side : sides_)
      result_.tokens[side] = result_.spill->tokens(side);
  }

  // `pixels` uint8 [B,S,S,3]: the images at `places`.
  void add(const torch::Tensor& pixels, const std::vector<std::size_t>& places) {
    const torch::NoGradGuard no_grad;
    const auto images = normalise_pixels(pixels.to(device_));
    std::vector<torch::Tensor> crops;
    for (std::int64_t crop = 0; crop < result_.crops; ++crop)
      crops.push_back(take_crop(images, options_.crops, crop));
    const auto all = torch::stack(crops, 1).flatten(0, 1);  // image by image
    for (const int side : sides_) {
      const auto tokens = tokenizer_->tokenize(all, side).to(torch::kInt16);
      result_.spill->put(places, side, tokens.reshape({images.size(0), result_.crops, -1}).cpu());
    }
    for (const auto place : places)
      result_.rows.push_back(static_cast<std::int64_t>(place));
  }

  TokenizedImages finish(const torch::Tensor& labels, std::vector<std::string> classes, std::int64_t corrupt) {
    if (result_.rows.empty()) throw Error(ErrorCode::invalid_data, "every image of the data set is corrupt");
    std::sort(result_.rows.begin(), result_.rows.end());
    result_.labels = labels;
    result_.classes = std::move(classes);
    result_.corrupt = corrupt;
    return std::move(result_);
  }

 private:
  VqTokenizer& tokenizer_;
  const TokenizeOptions& options_;
  std::vector<int> sides_;
  torch::Device device_;
  TokenizedImages result_;
};

TokenizedImages tokenize_cifar(const std::filesystem::path& path, ImageTokenizer& work, const TokenizeOptions& options,
                               const std::filesystem::path& folder, Observer& observer) {
  const auto dataset = import_dataset(
      path, {.size = source_side(options.crops, options.image_size), .threads = options.threads}, observer);
  const auto split = parse_split(options.split);
  const auto& images = images_of(dataset, split);
  work.begin(images.size(0), folder);
  for (std::int64_t begin = 0; begin < images.size(0); begin += work.images_at_once()) {
    throw_if_cancelled(observer, "tokenising");
    const auto end = std::min(begin + work.images_at_once(), images.size(0));
    std::vector<std::size_t> places;
    for (auto i = begin; i < end; ++i)
      places.push_back(static_cast<std::size_t>(i));
    work.add(images.slice(0, begin, end), places);
    observer.progress(end, images.size(0), "images");
  }
  return work.finish(labels_of(dataset, split), dataset.classes, 0);
}

TokenizedImages tokenize_files(FileSource& source, const std::vector<SourceFile>& files, const std::string& where,
                               ImageTokenizer& work, const TokenizeOptions& options,
                               const std::filesystem::path& folder, Observer& observer) {
  auto listing = list_images(source, files, where, observer);
  const auto images = images_of_split(listing, options.split, where);
  std::vector<SourceFile> wanted;
  std::vector<std::int64_t> labels;
  for (const auto& image : images) {
    wanted.push_back(*find_file(files, image.name));
    labels.push_back(image.label);
  }
  const auto total = static_cast<std::int64_t>(wanted.size());
  work.begin(total, folder);
  const auto side = source_side(options.crops, options.image_size);
  CorruptCounter corrupt(options.max_corrupt, observer);
  ImagePipeline pipeline(source, std::move(wanted), [side](const Image& image) { return fit_square(image, side); },
                         {.threads = options.threads,
                          .batch = work.images_at_once(),
                          .ahead = std::max<std::int64_t>(3 * work.images_at_once(), 8 * options.threads),
                          .pose = options.pose});
  std::int64_t done = 0;
  while (const auto batch = pipeline.next(corrupt, observer)) {
    if (!batch->images.empty()) work.add(images_to_tensor(batch->images), batch->places);
    done += static_cast<std::int64_t>(batch->images.size());
    observer.progress(done + corrupt.count(), total, "images");
  }
  return work.finish(torch::tensor(labels, torch::kInt64), std::move(listing.classes), corrupt.count());
}

}  // namespace

std::vector<int> cached_sides(int grid) {
  std::set<int> sides;
  for (const auto* ratio : {"sqrt2", "2", "3", "4"}) {
    for (const int side : scale_sizes(grid, parse_ratio(ratio)))
      sides.insert(side);
  }
  for (const int side : {1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 13, 16}) {
    if (side <= grid) sides.insert(side);
  }
  return {sides.begin(), sides.end()};
}

TokenizedImages tokenize_images(const std::filesystem::path& images, VqTokenizer& tokenizer,
                                const TokenizeOptions& options, const std::filesystem::path& folder,
                                torch::Device device, Observer& observer) {
  check(tokenizer->config(), options);
  const auto grid = static_cast<int>(options.image_size / tokenizer->config().stride);
  const std::set<int> sides(options.sides.begin(), options.sides.end());
  ImageTokenizer work(tokenizer, options, sides.empty() ? cached_sides(grid) : std::vector(sides.begin(), sides.end()),
                      device);
  const auto source = open_source(images);
  observer.log(LogLevel::info, "listing " + images.string());
  const auto files = source->list([&] { throw_if_cancelled(observer, "the listing of images"); });
  if (is_cifar_binary(files)) return tokenize_cifar(images, work, options, folder, observer);
  return tokenize_files(*source, files, images.string(), work, options, folder, observer);
}

}  // namespace checkerlab::model
