#include "libmodel/evaluation/npz_image_set.hpp"

#include <algorithm>
#include <future>

#include "base/error.hpp"
#include "libmodel/evaluation/hash_file.hpp"

namespace checkerlab::model {
namespace {

constexpr std::int64_t kMaxPixels = std::int64_t{1} << 27;  // of one image, as decoders take them

// Reads a batch ahead on a thread of its own, so that a device need not wait for the disk.
class Reader final : public ImageReader {
 public:
  Reader(NpzRows rows, std::int64_t batch) : rows_(std::move(rows)), batch_(batch) { begin_next(); }

  std::optional<ImageRows> next(Observer& observer) override {
    throw_if_cancelled(observer, "the reading of images");
    if (!next_.valid()) return std::nullopt;
    ImageRows rows{.places = {}, .pixels = next_.get()};
    for (std::int64_t i = 0; i < rows.pixels.size(0); ++i)
      rows.places.push_back(counts_.images + i);
    counts_.images += rows.pixels.size(0);
    counts_.sizes[{rows.pixels.size(1), rows.pixels.size(2)}] = counts_.images;
    begin_next();
    return rows;
  }

  const ImageCounts& counts() const override { return counts_; }

 private:
  void begin_next() {
    const auto begin = counts_.images, end = std::min(begin + batch_, rows_.header().rows());
    if (begin < end) next_ = std::async(std::launch::async, [this, begin, end] { return rows_.read(begin, end); });
  }

  NpzRows rows_;  // used by one reading at a time
  std::int64_t batch_;
  ImageCounts counts_;
  std::future<at::Tensor> next_;  // last: its end is waited for before what it uses goes
};

void check(const NpyHeader& header, const NpzFile& file) {
  const auto& shape = header.shape;
  const auto what = "the array 'arr_0' of " + file.path().string();
  if (header.type != c10::ScalarType::Byte || shape.size() != 4 || shape[3] != 3 || header.fortran_order) {
    throw Error(ErrorCode::invalid_data,
                what + " is " + header.text() + (header.fortran_order ? " in Fortran order" : "") +
                    ", where images uint8 (N, H, W, 3) in C order were expected",
                "Store RGB images with eight bits a channel, channels last.");
  }
  if (shape[0] == 0) throw Error(ErrorCode::invalid_argument, what + " holds no images");
  if (shape[1] < 1 || shape[2] < 1 || shape[1] > kMaxPixels / shape[2])
    throw Error(ErrorCode::invalid_data, what + " is " + header.text() + ", which are no sensible images");
}

}  // namespace

NpzImageSet::NpzImageSet(NpzFile file) : file_(std::move(file)) {
  if (!file_.has(kNpzImages)) {
    throw Error(ErrorCode::invalid_data,
                file_.path().string() + " holds no images: the array 'arr_0' is missing; it holds " + file_.keys_text(),
                "Store the images as arr_0, uint8 (N, H, W, 3).");
  }
  const auto header = file_.rows(kNpzImages).header();
  check(header, file_);
  size_ = header.rows();
}

std::string NpzImageSet::sha256(Observer& observer) {
  if (sha256_.empty()) sha256_ = hash_file(file_.path(), observer);
  return sha256_;
}

std::unique_ptr<ImageReader> NpzImageSet::read(const ImageSetOptions& options, Observer&) {
  if (options.batch < 1) throw Error(ErrorCode::invalid_argument, "a batch needs at least one image");
  return std::make_unique<Reader>(file_.rows(kNpzImages), options.batch);
}

}  // namespace checkerlab::model
