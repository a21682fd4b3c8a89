// What stands in a checkpoint file of the released code (or in plain safetensors with its names), before anything is
// built from it. Tensors are read when they are asked for.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "libmodel/checkpoint/released/state_dict.hpp"
#include "libmodel/checkpoint/zip/random_file.hpp"

namespace checkerlab::model {

// Copies share the file. Not thread-safe.
struct ReleasedFile {
  std::filesystem::path path;
  std::string format;  // "torch zip", "torch legacy" or "safetensors"
  std::uint64_t bytes = 0;
  StateDict state;               // model and tokenizer (under `autoenc.`), or a tokenizer alone
  std::optional<StateDict> ema;  // the same names
  std::optional<std::int64_t> epoch;
  nlohmann::json scaler, args;  // null where there is none
  const pickle::Value* optimizer = nullptr;
  std::shared_ptr<pickle::Document> document;  // owns what `optimizer` points to

  bool holds_model() const;
  // The tokenizer's tensors without prefix, wherever they stand; empty when there are none.
  StateDict tokenizer() const;
};

// Reads {'model': …, 'model_ema': …, …}, {'state_dict': …}, {'model': …}, the tensors themselves, or safetensors.
// Throws Error naming the file: not_found, io_error, invalid_data (broken, or neither a model nor a tokenizer).
// `on_read` hears of what is read of PyTorch's files, also while tensors are loaded.
ReleasedFile open_released_file(const std::filesystem::path& file, ByteProgress on_read = {});

}  // namespace checkerlab::model
