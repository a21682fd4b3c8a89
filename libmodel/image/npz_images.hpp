// Images and labels in the layout that ADM's evaluation reads (Dhariwal & Nichol 2021): a NumPy archive with `arr_0`
// [N, H, W, 3] uint8 and `arr_1` [N] int64.
//
// Pixels lie in a temporary file beside the archive until it is finished, so that memory does not grow with their
// number. The archive appears complete or not at all. Not thread-safe.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace checkerlab::model {

class NpzImages {
 public:
  // Throws Error (disk_full, io_error).
  explicit NpzImages(std::filesystem::path file);
  ~NpzImages();  // removes what was not finished
  NpzImages(const NpzImages&) = delete;
  NpzImages& operator=(const NpzImages&) = delete;

  // pixels [n, H, W, 3] uint8, labels [n] int64, any device. Throws Error(invalid_argument) where a size differs from
  // the first batch's.
  void add(const at::Tensor& pixels, const at::Tensor& labels);
  // Writes the archive. Throws Error(invalid_argument) without images.
  void finish();

 private:
  void check_stream() const;

  std::filesystem::path file_, raw_;
  std::ofstream stream_;
  std::int64_t height_ = 0, width_ = 0;
  std::vector<std::int64_t> labels_;
};

}  // namespace checkerlab::model
