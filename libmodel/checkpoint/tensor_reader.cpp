#include "libmodel/checkpoint/tensor_reader.hpp"

#include <ATen/ops/empty.h>

#include <cerrno>

#include "base/error.hpp"

namespace checkerlab::model {

TensorReader::TensorReader(const std::filesystem::path& file) : file_(file), header_(read_safetensors_header(file)) {
  errno = 0;
  stream_.open(file, std::ios::binary);
  if (!stream_) throw errno_error(errno, "read " + file.string());
  const std::uint64_t data_bytes = header_.entries.empty() ? 0 : header_.entries.back().end;
  data_begin_ = std::filesystem::file_size(file) - data_bytes;  // entries fill what follows the header
}

std::vector<std::string> TensorReader::names() const {
  std::vector<std::string> names;
  for (const TensorEntry& entry : header_.entries)
    names.push_back(entry.name);
  return names;
}

const TensorEntry* TensorReader::find(const std::string& name) const {
  for (const TensorEntry& entry : header_.entries) {
    if (entry.name == name) return &entry;
  }
  return nullptr;
}

at::Tensor TensorReader::read(const TensorEntry& entry, std::int64_t begin, std::int64_t end) {
  auto shape = entry.shape;
  const auto row_bytes = shape.at(0) == 0 ? 0 : (entry.end - entry.begin) / static_cast<std::uint64_t>(shape.at(0));
  shape.at(0) = end - begin;
  at::Tensor rows = at::empty(shape, entry.type);
  stream_.seekg(static_cast<std::streamoff>(data_begin_ + entry.begin + row_bytes * static_cast<std::uint64_t>(begin)));
  stream_.read(static_cast<char*>(rows.mutable_data_ptr()), static_cast<std::streamsize>(rows.nbytes()));
  if (!stream_) throw Error(ErrorCode::io_error, "read " + file_.string() + ": the file ended or could not be read");
  return rows;
}

}  // namespace checkerlab::model
