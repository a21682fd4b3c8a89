#include "libmodel/evaluation/npz_image_set.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "libmodel/evaluation/hash_file.hpp"

namespace checkerlab::model {
namespace {

constexpr std::int64_t kMaxPixels = std::int64_t{1} << 27;  // of one image, as decoders take them

class Reader final : public ImageReader {
 public:
  Reader(NpzRows rows, std::int64_t batch) : rows_(std::move(rows)), batch_(batch) {}

  std::optional<ImageRows> next(Observer& observer) override {
    throw_if_cancelled(observer, "the reading of images");
    const auto& shape = rows_.header().shape;
    const auto begin = counts_.images, end = std::min(begin + batch_, shape[0]);
    if (begin == end) return std::nullopt;
    ImageRows rows{.places = {}, .pixels = rows_.read(begin, end)};
    for (auto place = begin; place < end; ++place)
      rows.places.push_back(place);
    counts_.images = end;
    counts_.sizes[{shape[1], shape[2]}] = end;
    return rows;
  }

  const ImageCounts& counts() const override { return counts_; }

 private:
  NpzRows rows_;
  std::int64_t batch_;
  ImageCounts counts_;
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
