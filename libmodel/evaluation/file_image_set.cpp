#include "libmodel/evaluation/file_image_set.hpp"

#include <algorithm>
#include <deque>
#include <thread>

#include "base/error.hpp"
#include "base/sha256.hpp"
#include "libmodel/data/image_listing.hpp"
#include "libmodel/data/image_pipeline.hpp"
#include "libmodel/data/parallel.hpp"
#include "libmodel/image/tensor.hpp"

namespace checkerlab::model {
namespace {

bool is_hidden(const std::string& name) {
  return name.starts_with(".") || name.find("/.") != std::string::npos;
}

std::string hash_of(const std::vector<std::uint8_t>& bytes) {
  return sha256_hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::vector<SourceFile> images_among(std::vector<SourceFile> files, const std::string& where) {
  const auto listed = files.size();
  std::erase_if(files, [](const SourceFile& file) { return is_hidden(file.name) || !is_image_name(file.name); });
  if (files.empty()) {
    throw Error(ErrorCode::invalid_argument,
                where + " holds no images (png, jpg, jpeg, webp)" +
                    (listed == 0 ? "; it is empty" : ", only " + std::to_string(listed) + " other files"),
                "Give a folder, a .tar or .tar.gz of images, or an .npz with arr_0.");
  }
  const auto twice =
      std::adjacent_find(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.name == b.name; });
  if (twice != files.end())
    throw Error(ErrorCode::invalid_data, where + " holds two images of the name " + twice->name);
  return files;
}

void count_form(const ImageForm& form, ImageCounts& counts) {
  counts.grey += form.grey ? 1 : 0;
  counts.cmyk += form.cmyk ? 1 : 0;
  counts.alpha += form.alpha ? 1 : 0;
  counts.sixteen_bit += form.sixteen_bit ? 1 : 0;
  counts.jpeg += form.jpeg ? 1 : 0;
  counts.turned += form.turned ? 1 : 0;
}

}  // namespace

class FileImageSet::Reader final : public ImageReader {
 public:
  Reader(FileImageSet& set, const ImageSetOptions& options, Observer& observer)
      : batch_(static_cast<std::size_t>(options.batch)),
        forms_(set.files_.size()),
        corrupt_(options.max_corrupt, observer),
        pipeline_(*set.source_, set.files_,
                  [this, &hashes = set.hashes_](const std::string& name, std::size_t place, const auto& bytes) {
                    if (hashes[place].empty()) hashes[place] = hash_of(bytes);
                    return decode_image(bytes, name, {}, Pose::as_stored, &forms_[place]);
                  },
                  {.threads = options.threads, .batch = options.batch, .ahead = 2 * options.batch + options.threads}) {}

  std::optional<ImageRows> next(Observer& observer) override {
    while (waiting_.empty()) {
      auto batch = pipeline_.next(corrupt_, observer);
      counts_.corrupt = corrupt_.count();
      if (!batch) return std::nullopt;
      for (std::size_t i = 0; i < batch->places.size(); ++i)
        waiting_.emplace_back(batch->places[i], std::move(batch->images[i]));
    }
    return take();
  }

  const ImageCounts& counts() const override { return counts_; }

 private:
  // As many of the waiting images as have the size of the first.
  ImageRows take() {
    ImageRows rows;
    std::vector<Image> images;
    const auto width = waiting_.front().second.width, height = waiting_.front().second.height;
    while (!waiting_.empty() && images.size() < batch_) {
      auto& [place, image] = waiting_.front();
      if (image.width != width || image.height != height) break;
      count_form(forms_[place], counts_);
      rows.places.push_back(static_cast<std::int64_t>(place));
      images.push_back(std::move(image));
      waiting_.pop_front();
    }
    rows.pixels = images_to_tensor(images);
    counts_.images += rows.pixels.size(0);
    counts_.sizes[{height, width}] += rows.pixels.size(0);
    return rows;
  }

  std::size_t batch_;
  std::vector<ImageForm> forms_;  // each written by the thread that decodes the image, read when it has come
  ImageCounts counts_;
  CorruptCounter corrupt_;
  std::deque<std::pair<std::size_t, Image>> waiting_;
  ImagePipeline pipeline_;  // last: its threads end before what they use
};

FileImageSet::FileImageSet(std::unique_ptr<FileSource> source, const std::string& where,
                           std::optional<TemporaryFolder> unpacked, Observer& observer)
    : unpacked_(std::move(unpacked)),
      source_(std::move(source)),
      files_(images_among(source_->list([&] { throw_if_cancelled(observer, "the listing of images"); }), where)),
      hashes_(files_.size()) {}

std::unique_ptr<ImageReader> FileImageSet::read(const ImageSetOptions& options, Observer& observer) {
  return std::make_unique<Reader>(*this, options, observer);
}

std::string FileImageSet::sha256(Observer& observer) {
  constexpr std::int64_t kBlock = 256;
  const std::int64_t threads = std::max(1U, std::thread::hardware_concurrency());
  for (std::int64_t begin = 0; begin < size(); begin += kBlock) {
    throw_if_cancelled(observer, "the hashing of images");
    parallel_for(std::min(kBlock, size() - begin), threads, [&](std::int64_t i) {
      const auto place = static_cast<std::size_t>(begin + i);
      if (hashes_[place].empty()) hashes_[place] = hash_of(source_->content(files_[place]));
    });
    observer.progress(std::min(begin + kBlock, size()), size(), "files hashed");
  }
  Sha256 all;
  for (std::size_t i = 0; i < files_.size(); ++i)
    all.update(hashes_[i] + "  " + files_[i].name + "\n");
  return all.hex();
}

}  // namespace checkerlab::model
