#pragma once

#include <torch/types.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "libmodel/data/image_pipeline.hpp"

namespace checkerlab::model {

// The images of training step t, uint8 [B,S,S,3]: epoch by epoch in a new random order, a function of (seed, step)
// alone. An epoch has floor(N / batch) steps (one, of all images, where there are fewer than a batch). Not thread-safe.
class ImageFeed {
 public:
  virtual ~ImageFeed() = default;
  virtual torch::Tensor batch(std::int64_t step) = 0;
  virtual std::int64_t images() const = 0;
};

struct FeedOrder {
  std::int64_t images = 0;
  std::int64_t batch = 0;
  std::uint64_t seed = 0;

  [[nodiscard]] std::int64_t steps_per_epoch() const;
  // The images of an epoch in order, without the remainder that makes no batch.
  [[nodiscard]] std::vector<std::int64_t> epoch(std::int64_t number) const;
};

// Images that are in memory, uint8 [N,S,S,3]. Throws Error(invalid_argument) for no images or an empty batch.
std::unique_ptr<ImageFeed> feed_from_memory(torch::Tensor images, std::int64_t batch, std::uint64_t seed);

struct FileFeedOptions {
  std::int64_t size = 0;  // side of the images wanted; others are brought to it by `fit_square`
  std::string split = "train";
  std::int64_t batch = 0;
  std::uint64_t seed = 0;
  std::int64_t threads = 1;      // that decode
  std::int64_t max_corrupt = 0;  // met in all; corrupt images leave their batch smaller
};

// The first `count` images of a feed's first epoch (all of them where there are fewer), uint8 [count,S,S,3].
torch::Tensor first_images(ImageFeed& feed, std::int64_t count);

// Images of a data set of any size, decoded ahead on threads while they are taken in order of the steps. Compressed
// archives, which cannot be read in another order, and CIFAR binaries are held in memory instead, as far as `observer`
// is told. `observer` must outlive the feed. Throws Error for what cannot be read.
std::unique_ptr<ImageFeed> feed_from_files(const std::filesystem::path& path, const FileFeedOptions& options,
                                           Observer& observer);

}  // namespace checkerlab::model
