// Reads rows of the tensors of a safetensors file without reading the rest.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "libmodel/checkpoint/safetensors_header.hpp"

namespace checkerlab::model {

// An open file whose header has been checked (safetensors.hpp). Not thread-safe.
class TensorReader {
 public:
  // Throws Error as read_safetensors does.
  explicit TensorReader(const std::filesystem::path& file);

  [[nodiscard]] std::vector<std::string> names() const;
  [[nodiscard]] const std::map<std::string, std::string>& metadata() const { return header_.metadata; }
  // The entry of that name, or null.
  [[nodiscard]] const TensorEntry* find(const std::string& name) const;

  // Rows begin ... end-1 of a tensor with at least one dimension, in memory that the result owns. Throws
  // Error(io_error) when the file cannot be read any more.
  at::Tensor read(const TensorEntry& entry, std::int64_t begin, std::int64_t end);

 private:
  std::filesystem::path file_;
  TensorHeader header_;
  std::ifstream stream_;
  std::uint64_t data_begin_ = 0;
};

}  // namespace checkerlab::model
