// Reading NumPy's .npz archives: a zip of .npy members, stored (numpy.savez) or deflated (savez_compressed).
//
// Nothing in a file is trusted: see zip/archive.hpp, zip/entry_stream.hpp and npy_header.hpp; a member whose header
// claims other sizes than the member has is refused before anything is allocated. Errors name file and array.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "libmodel/checkpoint/zip/entry_stream.hpp"
#include "libmodel/numpy/npy_header.hpp"

namespace checkerlab::model {

// The rows (along the first axis) of one array. Not thread-safe. Reading forward is one pass over the member and ends
// with the check of its checksum; jumping about in a stored member leaves that out, in a deflated one it takes time.
class NpzRows {
 public:
  // Throws Error(invalid_data): no such array, not a usable one, in Fortran order.
  NpzRows(std::shared_ptr<const Archive> archive, const std::string& key);

  [[nodiscard]] const NpyHeader& header() const { return header_; }
  // Rows begin … end-1 in C order. Throws Error: invalid_argument (outside), invalid_data (damaged), io_error.
  at::Tensor read(std::int64_t begin, std::int64_t end);

 private:
  friend class NpzFile;
  at::Tensor read_all();

  std::string where_;
  EntryStream stream_;
  NpyHeader header_;
  std::uint64_t data_ = 0;  // where the elements begin in the member
};

// Thread-safe after construction.
class NpzFile {
 public:
  // Throws Error: not_found, io_error, invalid_data (no usable zip archive, a member whose name leads out of it).
  explicit NpzFile(const std::filesystem::path& file);

  [[nodiscard]] const std::filesystem::path& path() const { return archive_->file().path(); }
  // Names of the arrays, sorted: member names without ".npy".
  [[nodiscard]] const std::vector<std::string>& keys() const { return keys_; }
  [[nodiscard]] bool has(const std::string& key) const;
  // "arr_0, mu, sigma", for messages.
  [[nodiscard]] std::string keys_text() const;

  [[nodiscard]] NpzRows rows(const std::string& key) const { return {archive_, key}; }
  // The whole array in C order, whatever its order in the file. Throws Error: too_large above `most` bytes, and what
  // NpzRows throws.
  [[nodiscard]] at::Tensor read(const std::string& key, std::uint64_t most = std::uint64_t{1} << 30) const;

 private:
  std::shared_ptr<const Archive> archive_;
  std::vector<std::string> keys_;
};

}  // namespace checkerlab::model
