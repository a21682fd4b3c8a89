// Writing a safetensors file of tables that grow row by row, so that memory stays the same however many rows there are.
//
// Each table has its region of a temporary file beside the target, reserved on the disk in advance; the header comes
// last. The file appears complete or not at all. Not thread-safe.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace checkerlab::model {

// A table of fp32 numbers [rows, width].
struct TensorColumn {
  std::string name;
  std::int64_t width = 0;
};

class TensorRowsWriter {
 public:
  // Reserves room for `most_rows` rows of every table. Throws Error (disk_full, io_error); nothing is left behind then.
  TensorRowsWriter(std::filesystem::path file, std::vector<TensorColumn> columns, std::int64_t most_rows);
  ~TensorRowsWriter();  // leaves nothing behind unless finish() was called
  TensorRowsWriter(const TensorRowsWriter&) = delete;
  TensorRowsWriter& operator=(const TensorRowsWriter&) = delete;

  // The next rows of each table, fp32 on the CPU, in the order of the columns. Throws Error: invalid_argument (other
  // shapes, more rows than reserved), disk_full, io_error.
  void append(const std::vector<at::Tensor>& rows);
  [[nodiscard]] std::int64_t rows() const { return rows_; }

  // Closes the gaps where fewer rows came than were reserved, writes the header and moves the file into place.
  void finish(const std::map<std::string, std::string>& metadata);

 private:
  [[nodiscard]] std::uint64_t region(std::size_t column, std::int64_t rows) const;
  void write(std::uint64_t place, const void* data, std::uint64_t bytes);
  void move_down(std::uint64_t from, std::uint64_t to, std::uint64_t bytes);
  [[nodiscard]] std::string header(const std::map<std::string, std::string>& metadata) const;

  std::filesystem::path file_, temporary_;
  std::vector<TensorColumn> columns_;
  std::int64_t most_rows_, rows_ = 0;
  int descriptor_ = -1;
};

}  // namespace checkerlab::model
