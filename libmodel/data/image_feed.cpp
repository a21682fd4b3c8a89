#include "libmodel/data/image_feed.hpp"

#include <torch/types.h>

#include <algorithm>
#include <optional>

#include "base/error.hpp"
#include "libmodel/data/cifar_binary.hpp"
#include "libmodel/data/image_listing.hpp"
#include "libmodel/data/import_dataset.hpp"
#include "libmodel/image/crop.hpp"
#include "libmodel/image/tensor.hpp"
#include "libmodel/random/draws.hpp"

namespace checkerlab::model {

namespace {

class MemoryFeed final : public ImageFeed {
 public:
  MemoryFeed(torch::Tensor images, const FeedOrder& order) : images_(std::move(images)), order_(order) {}

  torch::Tensor batch(std::int64_t step) override {
    const auto epoch = step / order_.steps_per_epoch();
    if (epoch != epoch_) items_ = order_.epoch(epoch);
    epoch_ = epoch;
    const auto begin = step % order_.steps_per_epoch() * order_.batch;
    const auto end = std::min(begin + order_.batch, static_cast<std::int64_t>(items_.size()));
    const std::vector<std::int64_t> chosen(items_.begin() + begin, items_.begin() + end);
    return images_.index_select(0, torch::tensor(chosen, torch::kInt64).to(images_.device()));
  }

  std::int64_t images() const override { return images_.size(0); }

 private:
  torch::Tensor images_;
  FeedOrder order_;
  std::int64_t epoch_ = -1;
  std::vector<std::int64_t> items_;
};

class FileFeed final : public ImageFeed {
 public:
  FileFeed(std::unique_ptr<FileSource> source, std::vector<SourceFile> files, const FileFeedOptions& options,
           Observer& observer)
      : source_(std::move(source)),
        files_(std::move(files)),
        options_(options),
        order_{static_cast<std::int64_t>(files_.size()), options.batch, options.seed},
        observer_(observer),
        corrupt_(options.max_corrupt, observer) {}

  torch::Tensor batch(std::int64_t step) override {
    if (!pipeline_ || step != next_) start(step);
    auto images = pipeline_->next(corrupt_, observer_);
    if (!images) {
      start(step);
      images = pipeline_->next(corrupt_, observer_);
    }
    next_ = step + 1;
    if (!images || images->images.empty())
      throw Error(ErrorCode::invalid_data, "all images of the batch of step " + std::to_string(step) + " are corrupt");
    return images_to_tensor(images->images);
  }

  std::int64_t images() const override { return order_.images; }

 private:
  // Begins to read the rest of the step's epoch.
  void start(std::int64_t step) {
    pipeline_.reset();
    const auto items = order_.epoch(step / order_.steps_per_epoch());
    std::vector<SourceFile> wanted;
    for (auto i = step % order_.steps_per_epoch() * order_.batch; i < static_cast<std::int64_t>(items.size()); ++i)
      wanted.push_back(files_[static_cast<std::size_t>(items[static_cast<std::size_t>(i)])]);
    pipeline_.emplace(
        *source_, std::move(wanted), [side = options_.size](const Image& image) { return fit_square(image, side); },
        PipelineOptions{.threads = options_.threads, .batch = options_.batch});
  }

  std::unique_ptr<FileSource> source_;
  std::vector<SourceFile> files_;
  FileFeedOptions options_;
  FeedOrder order_;
  Observer& observer_;
  CorruptCounter corrupt_;
  std::int64_t next_ = 0;
  std::optional<ImagePipeline> pipeline_;  // last: it uses the source
};

void check(const FeedOrder& order) {
  if (order.images < 1 || order.batch < 1)
    throw Error(ErrorCode::invalid_argument, "training needs at least one image and a batch of one image");
}

}  // namespace

std::int64_t FeedOrder::steps_per_epoch() const {
  return std::max<std::int64_t>(1, images / batch);
}

std::vector<std::int64_t> FeedOrder::epoch(std::int64_t number) const {
  auto items = random_permutation(seed, RandomDomain::image_order, static_cast<std::uint64_t>(number), images);
  items.resize(static_cast<std::size_t>(std::min(images, steps_per_epoch() * batch)));
  return items;
}

torch::Tensor first_images(ImageFeed& feed, std::int64_t count) {
  std::vector<torch::Tensor> batches;
  std::int64_t gathered = 0;
  const auto wanted = std::min(count, feed.images());
  for (std::int64_t step = 0; gathered < wanted; ++step) {
    batches.push_back(feed.batch(step));
    gathered += batches.back().size(0);
  }
  return torch::cat(batches).slice(0, 0, wanted);
}

std::unique_ptr<ImageFeed> feed_from_memory(torch::Tensor images, std::int64_t batch, std::uint64_t seed) {
  const FeedOrder order{images.dim() == 4 ? images.size(0) : 0, batch, seed};
  check(order);
  return std::make_unique<MemoryFeed>(std::move(images), order);
}

std::unique_ptr<ImageFeed> feed_from_files(const std::filesystem::path& path, const FileFeedOptions& options,
                                           Observer& observer) {
  auto source = open_source(path);
  const auto files = source->list([&] { throw_if_cancelled(observer, "the listing of images"); });
  if (!source->reads_anywhere() || is_cifar_binary(files)) {
    observer.log(LogLevel::info, path.string() + " is read into memory");
    const ImportOptions in_memory{.size = options.size, .max_corrupt = options.max_corrupt, .threads = options.threads};
    const auto dataset = import_dataset(path, in_memory, observer);
    return feed_from_memory(images_of(dataset, parse_split(options.split)), options.batch, options.seed);
  }
  const auto listing = list_images(*source, files, path.string(), observer);
  std::vector<SourceFile> wanted;
  for (const auto& image : images_of_split(listing, options.split, path.string()))
    wanted.push_back(*find_file(files, image.name));
  check({static_cast<std::int64_t>(wanted.size()), options.batch, options.seed});
  return std::make_unique<FileFeed>(std::move(source), std::move(wanted), options, observer);
}

}  // namespace checkerlab::model
