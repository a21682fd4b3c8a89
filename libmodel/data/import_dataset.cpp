#include "libmodel/data/import_dataset.hpp"

#include <torch/types.h>

#include "base/error.hpp"
#include "libmodel/data/cifar_binary.hpp"
#include "libmodel/data/class_folders.hpp"
#include "libmodel/data/image_listing.hpp"
#include "libmodel/data/image_pipeline.hpp"
#include "libmodel/image/crop.hpp"
#include "libmodel/image/tensor.hpp"

namespace checkerlab::model {

namespace {

void check(const ImportOptions& options) {
  if (options.size < 4 || options.size > 4096) {
    throw Error(ErrorCode::invalid_argument,
                "the image size " + std::to_string(options.size) + " is outside 4 ... 4096");
  }
  if (options.max_corrupt < 0 || options.limit_per_class < 0 || options.threads < 1) {
    throw Error(ErrorCode::invalid_argument,
                "max_corrupt and limit_per_class must not be negative and threads must be at least 1");
  }
}

// Puts `files` into a split, leaving out those without an image.
void fill_split(const std::vector<LabelledFile>& files, std::vector<std::optional<Image>>::iterator image,
                torch::Tensor& images, torch::Tensor& labels) {
  std::vector<Image> kept;
  std::vector<std::int64_t> kept_labels;
  for (const auto& file : files) {
    if (*image) {
      kept.push_back(std::move(**image));
      kept_labels.push_back(file.label);
    }
    ++image;
  }
  if (kept.empty()) throw Error(ErrorCode::invalid_data, "every image of a split is corrupt");
  images = images_to_tensor(kept);
  labels = torch::tensor(kept_labels, torch::kInt64);
}

// The images of `wanted` in this order, brought to options.size; nothing in the place of a corrupt one.
std::vector<std::optional<Image>> load_images(FileSource& source, std::vector<SourceFile> wanted,
                                              const ImportOptions& options, CorruptCounter& corrupt,
                                              Observer& observer) {
  std::vector<std::optional<Image>> images(wanted.size());
  const auto total = static_cast<std::int64_t>(images.size());
  std::int64_t done = 0;
  ImagePipeline pipeline(source, std::move(wanted), [&](const Image& image) { return fit_square(image, options.size); },
                         {.threads = options.threads});
  while (auto batch = pipeline.next(corrupt, observer)) {
    for (std::size_t i = 0; i < batch->images.size(); ++i)
      images[batch->places[i]] = std::move(batch->images[i]);
    done += static_cast<std::int64_t>(batch->images.size());
    observer.progress(done, total, "images");
  }
  return images;
}

Dataset import_images(FileSource& source, const std::vector<SourceFile>& files, const std::string& where,
                      const ImportOptions& options, Observer& observer) {
  auto folders = split_images(list_images(source, files, where, observer), where);
  folders.train = limit_per_class(std::move(folders.train), options.limit_per_class);
  folders.test = limit_per_class(std::move(folders.test), options.limit_per_class);
  std::vector<SourceFile> wanted;
  for (const auto* split : {&folders.train, &folders.test}) {
    for (const auto& file : *split)
      wanted.push_back(*find_file(files, file.name));
  }
  CorruptCounter corrupt(options.max_corrupt, observer);
  auto images = load_images(source, std::move(wanted), options, corrupt, observer);
  Dataset dataset;
  dataset.classes = folders.classes;
  dataset.corrupt = corrupt.count();
  fill_split(folders.train, images.begin(), dataset.train_images, dataset.train_labels);
  const auto test_begin = images.begin() + static_cast<std::ptrdiff_t>(folders.train.size());
  fill_split(folders.test, test_begin, dataset.test_images, dataset.test_labels);
  return dataset;
}

}  // namespace

Dataset import_dataset(const std::filesystem::path& path, const ImportOptions& options, Observer& observer) {
  check(options);
  const auto source = open_source(path);
  observer.log(LogLevel::info, "listing " + path.string());
  const auto files = source->list([&] { throw_if_cancelled(observer, "the import of a data set"); });
  auto dataset = is_cifar_binary(files) ? import_cifar(*source, files, options, observer)
                                        : import_images(*source, files, path.string(), options, observer);
  check_dataset(dataset);
  return dataset;
}

}  // namespace checkerlab::model
