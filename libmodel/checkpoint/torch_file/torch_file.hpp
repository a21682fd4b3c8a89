// Files written by torch.save, in both of its formats: the zip archive (PyTorch 1.6 and later, any prefix) and the
// older plain one (magic number, protocol, system, pickle, storage keys, storages). Reading gives plain values whose
// tensors are read from the file when they are asked for; nothing in the file is run. Writing gives the zip format.
#pragma once

#include <filesystem>
#include <memory>

#include "libmodel/checkpoint/pickle/value.hpp"
#include "libmodel/checkpoint/zip/random_file.hpp"

namespace checkerlab::model {

enum class TorchFormat { zip, legacy };

// What a file holds. Copies share it. Not thread-safe: tensors read the file as they are loaded.
struct TorchFile {
  TorchFormat format = TorchFormat::zip;
  std::shared_ptr<pickle::Document> document;
  const pickle::Value* root = nullptr;
};

// True when the file begins as one of the two formats does, or is called .pth, .pt or .ckpt: then it is meant to.
// Throws Error (not_found, io_error).
bool is_torch_file(const std::filesystem::path& file);

// Throws Error naming the file: not_found, io_error, invalid_data (broken, cut off, or asking for something that is not
// plain data: named), too_large.
// `on_read` hears of every piece that is read, also later while tensors are loaded.
TorchFile read_torch_file(const std::filesystem::path& file, ByteProgress on_read = {});

// The file appears complete or not at all. Tensors may stand in other files: they are read one at a time. The prefix
// inside is the file's stem, as PyTorch has it. Throws Error (disk_full, io_error), and invalid_argument for values
// that PyTorch's `weights_only` loading would refuse.
void write_torch_file(const std::filesystem::path& file, const pickle::Value& root,
                      const ByteProgress& on_written = {});

}  // namespace checkerlab::model
