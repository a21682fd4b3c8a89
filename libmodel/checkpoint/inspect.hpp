// What a file is, told without building anything from it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "libmodel/observer.hpp"

namespace checkerlab::model {

struct FilePart {
  std::string name;  // "transformer layers", "tokenizer encoder", …
  std::int64_t tensors = 0, numbers = 0;
};

struct FileDescription {
  std::filesystem::path path;
  std::string kind;    // "model", "tokenizer", "training_checkpoint", or what a file of ours calls itself
  std::string format;  // "torch zip", "torch legacy", "safetensors"
  std::string source;  // "released" or "checkerlab"
  std::uint64_t bytes = 0;
  std::string sha256;
  std::vector<FilePart> parts;  // in the order of the model
  std::int64_t trainable = 0;   // numbers of the model's parameters, without the tokenizer
  nlohmann::json config;        // the structure, as far as it is known; null where it is not
  nlohmann::json training;      // epoch or steps, optimiser, average, loss scale; null where there is none
  std::vector<std::string> notes;
};

// Reads the names and shapes and hashes the file (progress in bytes). A released checkpoint's structure is told when
// its config.yaml (`config`, else the one beside it) is there. Throws Error naming the file: not_found, io_error,
// invalid_data (broken, or of no kind that is known), cancelled.
FileDescription inspect_file(const std::filesystem::path& file, const std::optional<std::filesystem::path>& config,
                             Observer& observer);

nlohmann::json to_json_object(const FileDescription& description);

}  // namespace checkerlab::model
