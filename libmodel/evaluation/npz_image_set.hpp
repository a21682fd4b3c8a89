// The images of a NumPy archive as a set. Internal to evaluation/; see image_set.hpp.
#pragma once

#include "libmodel/evaluation/image_set.hpp"
#include "libmodel/numpy/npz_file.hpp"

namespace checkerlab::model {

inline constexpr const char* kNpzImages = "arr_0";

class NpzImageSet final : public ImageSet {
 public:
  explicit NpzImageSet(NpzFile file);

  std::int64_t size() const override { return size_; }
  std::string name(std::int64_t i) const override { return std::string(kNpzImages) + "[" + std::to_string(i) + "]"; }
  std::string sha256(Observer& observer) override;
  std::unique_ptr<ImageReader> read(const ImageSetOptions& options, Observer& observer) override;

 private:
  NpzFile file_;
  std::int64_t size_ = 0;
  std::string sha256_;
};

}  // namespace checkerlab::model
