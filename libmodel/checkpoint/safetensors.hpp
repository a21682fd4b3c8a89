// Reading and writing of safetensors files: eight bytes header length (little endian), a JSON header, raw little-endian
// data in C order. Format: https://github.com/huggingface/safetensors (documentation).
//
// Nothing in a file is trusted: header length, JSON, types, shapes, offsets, overlaps and gaps are all checked before a
// tensor is built, so that a broken or hostile file ends in one Error(ErrorCode::invalid_data) that names the file and
// the entry. Free functions without state; safe to call from several threads on different files.
#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <map>
#include <string>

namespace checkerlab::model {

struct TensorFile {
  std::map<std::string, at::Tensor> tensors;
  std::map<std::string, std::string> metadata;

  // The tensor of that name. Throws Error(ErrorCode::invalid_data) that names `where` (the file) when it is missing.
  const at::Tensor& at(const std::string& name, const std::filesystem::path& where) const;
};

// Reads every tensor into CPU memory that the result owns. Types: F64 F32 F16 BF16 I64 I32 I16 I8 U8 BOOL.
TensorFile read_safetensors(const std::filesystem::path& file);

// What the header says about the file, without reading tensors.
std::map<std::string, std::string> read_safetensors_metadata(const std::filesystem::path& file);

// Writes the tensors (any device; made contiguous on the CPU one at a time) in name order. The file appears complete or
// not at all: temporary beside it, fsync, rename. Same contents give the same bytes.
void write_safetensors(const std::filesystem::path& file, const TensorFile& contents);

}  // namespace checkerlab::model
